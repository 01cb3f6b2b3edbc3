import { Alert, Badge, Group, Stack, Text } from '@mantine/core'
import { IconArrowRight, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { PageLink } from '../../link.tsx'
import { usePlaceNames } from '../../names.ts'
import { paths } from '../../paths.ts'
import type { Explanation } from '../../server.ts'
import { explainText } from '../../text/explain.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Section } from '../../ui/page.tsx'
import { ActorName } from '../actor-name.tsx'
import { GrantCircumstances } from '../grant-circumstances.tsx'

type Path = Explanation['paths'][number]

/** Yes or no, and the paths to it: or what is missing, and which roles would help. */
export const Answer = ({ explanation }: { explanation: Explanation }) => {
  const t = useText(explainText)
  const nameOfPlace = usePlaceNames()
  const { user, asked, answer, paths: ways, missing, isCut } = explanation
  const name = user.name ?? user.id
  const subject = asked.role?.name ?? asked.permission?.name ?? ''
  const sentence = asked.role
    ? answer
      ? t.yesRole(name, subject)
      : t.noRole(name, subject)
    : answer
      ? t.yesPermission(name, subject)
      : t.noPermission(name, subject)
  return (
    <Stack aria-live="polite">
      <Alert
        color={answer ? 'teal' : 'red'}
        variant="light"
        icon={answer ? <IconCircleCheck /> : <IconCircleX />}
        title={
          <Text fw={650} fz="lg" c="var(--mantine-color-text)">
            {sentence}
          </Text>
        }
      >
        <Text size="sm">{nameOfPlace(explanation.scope)}</Text>
        {missing?.isBlocked && <Text size="sm">{t.isBlocked}</Text>}
        {missing?.isMember === false && <Text size="sm">{t.notMember}</Text>}
      </Alert>
      {ways.length > 0 && (
        <Section title={t.ways} lead={isCut ? t.cut : undefined}>
          <Stack gap="lg">
            {ways.map((way) => (
              <Way key={keyOf(way)} way={way} subject={subject} />
            ))}
          </Stack>
        </Section>
      )}
      {missing && missing.nearly.length > 0 && (
        <Section title={t.nearly}>
          <Stack gap="lg">
            {missing.nearly.map(({ because, ...way }) => (
              <Stack key={keyOf(way)} gap={6}>
                <Way way={way} subject={subject} />
                <Group gap="xs">
                  {because.map(({ kind, scope }) => (
                    <Badge key={`${kind} ${scope}`} color="orange">
                      {t.because[kind]} {scope !== undefined && `(${nameOfPlace(scope)})`}
                    </Badge>
                  ))}
                </Group>
              </Stack>
            ))}
          </Stack>
        </Section>
      )}
      {missing?.roles && missing.roles.length > 0 && (
        <Section title={t.wouldHelp}>
          <Stack>
            {missing.roles.slice(0, 10).map(({ roles, assignIn }) => (
              <Group key={roles.map(({ id }) => id).join(' ')} gap="xs">
                <RoleChain roles={roles} />
                <Text size="sm" c="dimmed">
                  {t.assignIn(nameOfPlace(assignIn))}
                </Text>
              </Group>
            ))}
          </Stack>
        </Section>
      )}
    </Stack>
  )
}

const keyOf = ({ grant, roles }: Path): string =>
  `${grant.kind} ${grant.scope} ${grant.source} ${grant.since} ${roles.map(({ id }) => id).join(' ')}`

/** What was given, then each role on the way to what was asked about. */
const Way = ({ way: { grant, roles }, subject }: { way: Path; subject: string }) => {
  const t = useText(explainText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  return (
    <Stack gap={8}>
      <Group gap={8}>
        <div className="path-step">
          <Text size="sm" fw={600}>
            {grant.kind === 'permission'
              ? t.directPermission
              : (shell.sources[grant.source ?? 'direct'] ?? grant.source)}
          </Text>
          <Text size="xs" c="dimmed">
            {nameOfPlace(grant.scope)}
          </Text>
        </div>
        {roles.length > 0 && <IconArrowRight size={16} aria-hidden />}
        <RoleChain roles={roles} />
        {roles.at(-1)?.name !== subject && (
          <>
            <IconArrowRight size={16} aria-hidden />
            <div className="path-step">
              <Text size="sm" fw={600} ff="monospace">
                {subject}
              </Text>
            </div>
          </>
        )}
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {grant.by && (
          <>
            {t.given} <ActorName actor={grant.by} />
          </>
        )}
        <GrantCircumstances grant={grant} />
      </Text>
    </Stack>
  )
}

const RoleChain = ({ roles }: { roles: Path['roles'] }) => {
  const t = useText(explainText)
  return (
    <>
      {roles.map(({ id, name }, at) => (
        <Group key={id} gap={8}>
          {at > 0 && (
            <Text size="xs" c="dimmed">
              {t.includes}
            </Text>
          )}
          <div className="path-step">
            <PageLink to={paths.role(id)} quiet size="sm">
              {name}
            </PageLink>
          </div>
        </Group>
      ))}
    </>
  )
}
