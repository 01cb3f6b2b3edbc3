import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { meText } from '../../text/me.ts'
import { Section } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'

/** Roles that one may ask for, and what one has asked for. */
export const RoleRequests = ({ userId, held }: { userId: string; held: readonly string[] }) => {
  const t = useText(meText)
  const form = useQuery(read('/registrations/form'))
  const asked = useQuery(
    read('/role-requests', { params: { query: { userId, status: 'open' as const, limit: 200 } } }),
  )
  const withdraw = useChange(
    (id: string) =>
      answered(server.POST('/role-requests/{id}/withdraw', { params: { path: { id } }, body: { userId } })),
    { done: () => t.withdrawn },
  )
  const ask = useChange(
    (roleId: string) => answered(server.POST('/role-requests', { body: { roles: [roleId] } })),
    {
      done: ({ requests }) => (requests.length > 0 ? t.asked : t.given),
      undo: ({ requests: [request] }) =>
        request &&
        (() =>
          answered(
            server.POST('/role-requests/{id}/withdraw', {
              params: { path: { id: request.id } },
              body: { userId },
            }),
          )),
    },
  )
  const open = asked.data?.items ?? []
  const choices = (form.data?.choices ?? []).filter(
    ({ roleId }) => !held.includes(roleId) && open.every((each) => each.roleId !== roleId),
  )
  const nameOf = (roleId: string) => form.data?.choices.find((each) => each.roleId === roleId)?.name ?? roleId
  return (
    <Section title={t.toAsk} lead={t.toAskLead}>
      <Stack gap="sm">
        <Fault error={form.error ?? asked.error} onRetry={() => void asked.refetch()} />
        {open.map(({ id, roleId, createdAt }) => (
          <Group key={id} justify="space-between" wrap="nowrap">
            <div>
              <Group gap="xs">
                <Text size="sm" fw={550}>
                  {nameOf(roleId)}
                </Text>
                <Badge color="orange">{t.waiting}</Badge>
              </Group>
              <Text size="xs" c="dimmed">
                <Time at={createdAt} />
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={t.withdrawOf(nameOf(roleId))}
              onClick={() => withdraw.mutate(id)}
            >
              {t.withdraw}
            </Button>
          </Group>
        ))}
        {choices.map(({ roleId, name, description, grant }) => (
          <Group key={roleId} justify="space-between" wrap="nowrap">
            <div>
              <Text size="sm" fw={550}>
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {description || (grant === 'approval' ? t.needsApproval : t.atOnce)}
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="light"
              aria-label={t.askOf(name)}
              onClick={() => ask.mutate(roleId)}
            >
              {t.ask}
            </Button>
          </Group>
        ))}
        {form.data && open.length === 0 && choices.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.nothingToAsk}
          </Text>
        )}
      </Stack>
    </Section>
  )
}
