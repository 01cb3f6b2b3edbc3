import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { IconShieldPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { PageLink } from '../../link.tsx'
import { nameOf, placeOf, placePath, usePlaceNames } from '../../names.ts'
import { explainPath, paths } from '../../paths.ts'
import { type Assignment, answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { userText } from '../../text/user.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty, Section } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { ActorName } from '../actor-name.tsx'
import type { UserTabProps } from '../user.tsx'

export const Roles = ({ user, onAssign }: UserTabProps) => {
  const t = useText(userText).roles
  const shell = useText(shellText)
  const { may } = useSession()
  const nameOfPlace = usePlaceNames()
  const query = { userId: user.id, limit: 200, expired: true }
  const assignments = useQuery(read('/assignments', { params: { query } }))
  const roles = useQuery(read('/roles', { params: { query: { limit: 200 } } }))
  const effective = useQuery(read('/users/{id}/effective-roles', { params: { path: { id: user.id } } }))
  const [leaving, setLeaving] = useState<Assignment>()
  const roleName = (id: string) => roles.data?.items.find((role) => role.id === id)?.name ?? id
  const target = ({ roleId, scope }: Assignment) => ({ userIds: [user.id], roleIds: [roleId], scope })
  const remove = useChange(
    (assignment: Assignment) => answered(server.DELETE('/assignments', { body: target(assignment) })),
    {
      done: (_answer, { roleId }) => t.removed(roleName(roleId)),
      undo: (_answer, assignment) => () =>
        answered(
          server.POST('/assignments', {
            body: {
              ...target(assignment),
              ...(assignment.expiresAt && { expiresAt: assignment.expiresAt }),
              ...(assignment.reason && { reason: assignment.reason }),
            },
          }),
        ),
    },
  )
  const given = new Set(assignments.data?.items.map(({ roleId }) => roleId))
  const included = effective.data?.items.filter(({ id }) => !given.has(id)) ?? []
  const isOver = ({ expiresAt }: Assignment) => expiresAt !== undefined && Date.parse(expiresAt) <= Date.now()
  if (assignments.error) return <Fault error={assignments.error} onRetry={() => void assignments.refetch()} />
  return (
    <Stack>
      <section className="card table-frame" aria-label={t.title}>
        <DataTable
          label={t.title}
          rows={assignments.data?.items}
          idOf={({ roleId, scope }) => `${roleId} ${scope}`}
          expected={3}
          columns={[
            {
              key: 'role',
              title: t.role,
              cell: (each) => (
                <Stack gap={0}>
                  <PageLink to={paths.role(each.roleId)} quiet>
                    {roleName(each.roleId)}
                  </PageLink>
                  {each.reason && (
                    <Text size="xs" c="dimmed">
                      “{each.reason}”
                    </Text>
                  )}
                </Stack>
              ),
            },
            {
              key: 'where',
              title: t.where,
              cell: ({ scope }) => <PlaceName scope={scope} name={nameOfPlace(scope)} />,
            },
            {
              key: 'source',
              title: t.source,
              cell: (each) => (
                <Stack gap={0}>
                  <Text size="sm">
                    {shell.sources[each.source] ?? each.source} {t.by('')}
                    <ActorName actor={each.actor} />
                  </Text>
                  <Text size="xs" c="dimmed">
                    {t.through(shell.doors[each.door] ?? each.door)}
                  </Text>
                </Stack>
              ),
            },
            { key: 'since', title: t.since, cell: ({ createdAt }) => <Time at={createdAt} /> },
            {
              key: 'until',
              title: t.until,
              cell: (each) =>
                isOver(each) ? (
                  <Badge color="gray">{t.expired}</Badge>
                ) : (
                  <Time at={each.expiresAt} fallback={t.noEnd} />
                ),
            },
            {
              key: 'menu',
              title: <span className="visually-hidden">{shell.actions}</span>,
              align: 'right',
              cell: (each) => (
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  {may('decisions:read') && (
                    <PageLink
                      size="sm"
                      to={explainPath({ userId: user.id, roleId: each.roleId, scope: each.scope })}
                    >
                      {t.why}
                    </PageLink>
                  )}
                  {may('roles:remove') && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      c="var(--mantine-color-error)"
                      aria-label={`${shell.remove} ${roleName(each.roleId)}`}
                      onClick={() => setLeaving(each)}
                    >
                      {shell.remove}
                    </Button>
                  )}
                </Group>
              ),
            },
          ]}
          empty={
            <Empty
              icon={<IconShieldPlus size={26} />}
              title={t.empty}
              action={may('roles:assign') && <Button onClick={onAssign}>{t.assign}</Button>}
            >
              {t.emptyText}
            </Empty>
          }
        />
      </section>
      {included.length > 0 && (
        <Section title={t.effective} lead={t.effectiveText}>
          <Group gap="xs">
            {included.map(({ id, name }) => (
              <Badge key={id} color="gray">
                {name}
              </Badge>
            ))}
          </Group>
        </Section>
      )}
      <Confirm
        isOpen={leaving !== undefined}
        title={leaving ? t.removeTitle(roleName(leaving.roleId), nameOf(user)) : ''}
        action={shell.remove}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {leaving && t.removeText(roleName(leaving.roleId), nameOf(user), nameOfPlace(leaving.scope))}
      </Confirm>
    </Stack>
  )
}

export const PlaceName = ({ scope, name }: { scope: string; name: string }) => {
  const path = placePath(placeOf(scope))
  return path === undefined ? (
    name
  ) : (
    <PageLink to={path} quiet>
      {name}
    </PageLink>
  )
}
