import { Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { read } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { meText } from '../../text/me.ts'
import { shellText } from '../../text/shell.ts'
import { Section } from '../../ui/page.tsx'
import { GrantCircumstances } from '../grant-circumstances.tsx'

type OwnRole = { id: string; name: string; description: string }

/** Each role that somebody holds himself, with every way by which it came to him. */
export const OwnRoles = ({ userId, roles }: { userId: string; roles: readonly OwnRole[] | undefined }) => {
  const t = useText(meText)
  return (
    <Section title={t.roles} lead={t.rolesLead}>
      <Stack gap="md">
        {roles?.map((role) => (
          <div key={role.id}>
            <Text size="sm" fw={600}>
              {role.name}
            </Text>
            <Text size="xs" c="dimmed">
              {role.description}
            </Text>
            <Why userId={userId} roleId={role.id} />
          </div>
        ))}
        {roles?.length === 0 && <Text size="sm">{t.noRoles}</Text>}
      </Stack>
    </Section>
  )
}

const Why = ({ userId, roleId }: { userId: string; roleId: string }) => {
  const t = useText(meText)
  const shell = useText(shellText)
  const found = useQuery(read('/explain', { params: { query: { userId, roleId } } }))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <Skeleton h={14} w={220} mt={4} />
  return found.data.paths.map(({ grant, roles }) => (
    <Text key={`${grant.scope} ${grant.source} ${grant.since} ${roles[0]?.id}`} size="xs" component="div">
      {shell.sources[grant.source ?? 'direct'] ?? grant.source}
      {roles.length > 1 && ` · ${t.because(roles[0]!.name)}`}
      <GrantCircumstances grant={grant} />
    </Text>
  ))
}
