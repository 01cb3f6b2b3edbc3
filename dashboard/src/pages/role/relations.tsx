import { Badge, Button, CloseButton, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useChange } from '../../change.tsx'
import { type ChosenRole, RoleChoice } from '../../forms/role-choice.tsx'
import { PageLink, useGo } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { answered, type Role, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { rolesText } from '../../text/roles.ts'
import { shellText } from '../../text/shell.ts'
import { Graph } from '../../ui/graph.tsx'
import { Section } from '../../ui/page.tsx'
import { QuickForm } from '../entity-list.tsx'

type Kind = 'inclusions' | 'exclusions'

const put = (kind: Kind, id: string, other: string) =>
  kind === 'inclusions'
    ? answered(
        server.PUT('/roles/{id}/inclusions/{includedRoleId}', {
          params: { path: { id, includedRoleId: other } },
        }),
      )
    : answered(
        server.PUT('/roles/{id}/exclusions/{otherRoleId}', { params: { path: { id, otherRoleId: other } } }),
      )

const drop = (kind: Kind, id: string, other: string) =>
  kind === 'inclusions'
    ? answered(
        server.DELETE('/roles/{id}/inclusions/{includedRoleId}', {
          params: { path: { id, includedRoleId: other } },
        }),
      )
    : answered(
        server.DELETE('/roles/{id}/exclusions/{otherRoleId}', {
          params: { path: { id, otherRoleId: other } },
        }),
      )

export const Relations = ({ role }: { role: Role }) => {
  const t = useText(rolesText).relations
  const go = useGo()
  const hierarchy = useQuery(read('/role-hierarchy'))
  const roles = useQuery(read('/roles', { params: { query: { limit: 200 } } }))
  const graph = useMemo(() => {
    const edges = (hierarchy.data?.inclusions ?? []).map(({ roleId, includedRoleId }) => ({
      from: roleId,
      to: includedRoleId,
    }))
    const involved = new Set([role.id, ...edges.flatMap(({ from, to }) => [from, to])])
    const nodes = (roles.data?.items ?? []).filter(({ id }) => involved.has(id))
    const known = new Set(nodes.map(({ id }) => id))
    return { nodes, edges: edges.filter(({ from, to }) => known.has(from) && known.has(to)) }
  }, [hierarchy.data, roles.data, role.id])
  if (hierarchy.error) return <Fault error={hierarchy.error} onRetry={() => void hierarchy.refetch()} />
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Related role={role} kind="inclusions" />
        <Related role={role} kind="exclusions" />
      </SimpleGrid>
      {graph.edges.length > 0 && (
        <Section title={t.graph} lead={t.graphLead}>
          <Graph
            label={t.graph}
            nodes={graph.nodes}
            edges={graph.edges}
            focus={role.id}
            onOpen={(id) => go(paths.role(id, 'relations'))}
          />
        </Section>
      )}
    </Stack>
  )
}

const Related = ({ role, kind }: { role: Role; kind: Kind }) => {
  const t = useText(rolesText).relations
  const shell = useText(shellText)
  const { may } = useSession()
  const [isAdding, setAdding] = useState(false)
  const [chosen, setChosen] = useState<ChosenRole[]>([])
  const found = useQuery(read(`/roles/{id}/${kind}`, { params: { path: { id: role.id } } }))
  const remove = useChange((other: string) => drop(kind, role.id, other), {
    done: () => t.done,
    undo: (_answer, other) => () => put(kind, role.id, other),
  })
  const isInclusion = kind === 'inclusions'
  const add = isInclusion ? t.addIncluded : t.addExcluded
  return (
    <Section
      title={isInclusion ? t.includes : t.excludes}
      lead={isInclusion ? t.includesLead : t.excludesLead}
      actions={
        may('roles:update') && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding(true)}
          >
            {add}
          </Button>
        )
      }
    >
      <Fault error={found.error} onRetry={() => void found.refetch()} />
      <Group gap="xs">
        {found.data?.items.map(({ id, name }) => (
          <Badge
            key={id}
            size="lg"
            color={isInclusion ? 'iris' : 'orange'}
            rightSection={
              may('roles:update') && (
                <CloseButton
                  size="xs"
                  aria-label={`${shell.remove} ${name}`}
                  onClick={() => remove.mutate(id)}
                />
              )
            }
          >
            <PageLink to={paths.role(id, 'relations')} quiet>
              {name}
            </PageLink>
          </Badge>
        ))}
        {found.data?.items.length === 0 && (
          <Text size="sm" c="dimmed">
            {isInclusion ? t.includeNone : t.excludeNone}
          </Text>
        )}
      </Group>
      <Modal
        opened={isAdding}
        onClose={() => setAdding(false)}
        title={<Text fw={600}>{add}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <QuickForm
          action={shell.add}
          onCancel={() => {
            setChosen([])
            setAdding(false)
          }}
          save={async () => {
            for (const { id } of chosen) await put(kind, role.id, id)
          }}
          done={() => t.done}
        >
          <RoleChoice
            chosen={chosen}
            onChange={setChosen}
            except={[role.id, ...(found.data?.items.map(({ id }) => id) ?? [])]}
          />
        </QuickForm>
      </Modal>
    </Section>
  )
}
