import { Badge, Button, Group, Skeleton, Stack, TextInput } from '@mantine/core'
import { IconUserPlus, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { useChange } from '../change.tsx'
import { PageLink, TabLinks, useGo } from '../link.tsx'
import { detailOf, nameOf } from '../names.ts'
import { usePage } from '../paging.ts'
import { type PlaceTab, paths, placeTabs } from '../paths.ts'
import { answered, type Item, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault, PageLoading, PageMissing } from '../shell/faults.tsx'
import { useText } from '../text/language.tsx'
import { placesText } from '../text/places.ts'
import { shellText } from '../text/shell.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Empty, Page, Section } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Person } from '../ui/person.tsx'
import { DataTable } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

/** What opens over the list is fetched when it is first needed. */
const AddMember = lazy(() => import('./place/add-member.tsx').then((m) => ({ default: m.AddMember })))
const AssignRoles = lazy(() => import('../forms/assign-roles.tsx').then((m) => ({ default: m.AssignRoles })))

type Kind = 'organizations' | 'rooms'
type Member = Item<'/organizations/{id}/members'>
type PlaceProps = { kind: Kind; id: string; name: string }

/** What differs between organizations and rooms is which permission lets whom do what, and one route. */
const needs = {
  organizations: {
    add: 'organizations:add-members',
    remove: 'organizations:remove-members',
    assign: 'organizations:assign-roles',
    update: 'organizations:update',
    delete: 'organizations:delete',
  },
  rooms: {
    add: 'rooms:update',
    remove: 'rooms:update',
    assign: 'roles:assign',
    update: 'rooms:update',
    delete: 'rooms:delete',
  },
} as const

const scopeKind = { organizations: 'organization', rooms: 'room' } as const

const Members = ({ kind, id, name }: PlaceProps) => {
  const t = useText(placesText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isAdding, setAdding] = useState(false)
  const [leaving, setLeaving] = useState<Member>()
  const [assignee, setAssignee] = useState<Member>()
  const path = { id }
  const list = usePage(`/${kind}/{id}/members`, { withRoles: true }, { pathParameters: path })
  const add = (userId: string) =>
    answered(server.POST(`/${kind}/{id}/members`, { params: { path }, body: { userIds: [userId] } }))
  const remove = useChange(
    ({ id: userId }: Member) =>
      answered(server.DELETE(`/${kind}/{id}/members/{userId}`, { params: { path: { id, userId } } })),
    { done: (_answer, member) => t.removed(nameOf(member)) },
  )
  const button = may(needs[kind].add) && (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
      {t.addMember}
    </Button>
  )
  return (
    <Section flush title={t.members} actions={(list.rows?.length ?? 0) > 0 && button}>
      <Fault error={list.error} onRetry={list.refetch} />
      <DataTable
        label={t.members}
        rows={list.rows as Member[] | undefined}
        idOf={(member) => member.id}
        expected={4}
        columns={[
          {
            key: 'member',
            title: t.member,
            cell: (member) => (
              <Person
                plainName={nameOf(member)}
                name={
                  <PageLink to={paths.user(member.id, 'roles')} quiet>
                    {nameOf(member)}
                  </PageLink>
                }
                detail={detailOf(member)}
              />
            ),
          },
          {
            key: 'roles',
            title: t.roles,
            cell: ({ roles = [] }) => (
              <Group gap={4}>
                {roles.map((role) => (
                  <Badge key={role.id} color="gray">
                    {role.name}
                  </Badge>
                ))}
              </Group>
            ),
          },
          { key: 'since', title: t.since, wide: true, cell: ({ memberSince }) => <Time at={memberSince} /> },
          {
            key: 'actions',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: (member) => (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                {may(needs[kind].assign, 'roles:assign') && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`${t.assign}: ${nameOf(member)}`}
                    onClick={() => setAssignee(member)}
                  >
                    {t.assign}
                  </Button>
                )}
                {may(needs[kind].remove) && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    c="var(--mantine-color-error)"
                    aria-label={`${shell.remove} ${nameOf(member)}`}
                    onClick={() => setLeaving(member)}
                  >
                    {shell.remove}
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
        empty={
          <Empty icon={<IconUsers size={26} />} title={t.noMembers} action={button}>
            {t.noMembersText}
          </Empty>
        }
      />
      <Pager
        label={shell.pagesOf}
        previous={shell.previous}
        next={shell.next}
        onPrevious={list.onPrevious}
        onNext={list.onNext}
      />
      <Suspense>
        {isAdding && <AddMember add={add} onClose={() => setAdding(false)} />}
        {assignee && (
          <AssignRoles
            user={{ id: assignee.id, name: `${nameOf(assignee)} (${name})` }}
            scope={`${scopeKind[kind]}:${id}`}
            onClose={() => setAssignee(undefined)}
          />
        )}
      </Suspense>
      <Confirm
        isOpen={leaving !== undefined}
        title={leaving ? t.removeTitle(nameOf(leaving)) : ''}
        action={shell.remove}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {leaving && t.removeText(nameOf(leaving))}
      </Confirm>
    </Section>
  )
}

const Settings = ({ kind, id, name, fields }: PlaceProps & { fields: Record<string, string> }) => {
  const t = useText(placesText)
  const shell = useText(shellText)
  const go = useGo()
  const { may } = useSession()
  const [form, setForm] = useState(fields)
  const [asks, setAsks] = useState(false)
  const isFixed = !may(needs[kind].update)
  const change = useChange(
    () => {
      const changed = Object.entries(form).filter(([field, value]) => value !== fields[field])
      return answered(
        server.PATCH(`/${kind}/{id}`, { params: { path: { id } }, body: Object.fromEntries(changed) }),
      )
    },
    { refusal: 'inline', done: () => shell.saved },
  )
  const remove = useChange(() => answered(server.DELETE(`/${kind}/{id}`, { params: { path: { id } } })), {
    done: () => t.deleted(name),
    afterwards: () => go(paths[kind]),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const labels: Record<string, string> = { name: t.name, displayName: t.displayName, topic: t.topic }
  return (
    <Stack>
      <Section title={t.tabs.settings}>
        <form onSubmit={submit}>
          <Stack maw={560}>
            {Object.keys(fields).map((field) => (
              <TextInput
                key={field}
                label={labels[field]}
                disabled={isFixed}
                value={form[field]}
                onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
              />
            ))}
            <Fault error={change.error} />
            {!isFixed && (
              <Group justify="flex-end">
                <Button type="submit" loading={change.isPending}>
                  {shell.save}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Section>
      {may(needs[kind].delete) && (
        <Section danger title={t.danger}>
          <Button color="red" c="var(--mantine-color-error)" variant="outline" onClick={() => setAsks(true)}>
            {shell.delete}
          </Button>
          <Confirm
            isOpen={asks}
            title={t.deleteTitle(name)}
            action={shell.delete}
            cancel={shell.cancel}
            isDangerous
            word={{ word: name, label: shell.typeToConfirm(name) }}
            onClose={() => setAsks(false)}
            onConfirm={() => {
              setAsks(false)
              remove.mutate()
            }}
          >
            {t.deleteText(name)}
          </Confirm>
        </Section>
      )}
    </Stack>
  )
}

export const Organization = () => {
  const { placeId = '' } = useParams({ strict: false }) as { placeId?: string }
  const found = useQuery(read('/organizations/{id}', { params: { path: { id: placeId } } }))
  const place = found.data
  return (
    <PlacePage
      kind="organizations"
      id={placeId}
      name={place && (place.displayName || place.name)}
      version={place?.updatedAt}
      fields={place && { name: place.name, displayName: place.displayName }}
      error={found.error}
      onRetry={() => void found.refetch()}
    />
  )
}

export const Room = () => {
  const { placeId = '' } = useParams({ strict: false }) as { placeId?: string }
  const found = useQuery(read('/rooms/{id}', { params: { path: { id: placeId } } }))
  const place = found.data
  return (
    <PlacePage
      kind="rooms"
      id={placeId}
      name={place?.name}
      version={place?.updatedAt}
      fields={place && { name: place.name, topic: place.topic }}
      error={found.error}
      onRetry={() => void found.refetch()}
    />
  )
}

type PlacePageProps = {
  kind: Kind
  id: string
  name: string | undefined
  version: string | undefined
  fields: Record<string, string> | undefined
  error: unknown
  onRetry: () => void
}

const PlacePage = ({ kind, id, name, version, fields, error, onRetry }: PlacePageProps) => {
  const t = useText(placesText)
  const { tab = 'members' } = useParams({ strict: false }) as { tab?: string }
  const pathOf = kind === 'organizations' ? paths.organization : paths.room
  if (!placeTabs.includes(tab as PlaceTab)) return <PageMissing />
  if (error) {
    return (
      <Page title={t[kind].title}>
        <Fault error={error} onRetry={onRetry} />
      </Page>
    )
  }
  return (
    <Page
      title={name ?? <Skeleton h={28} w={220} />}
      trail={<PageLink to={paths[kind]}>{t[kind].title}</PageLink>}
      tabs={
        <TabLinks
          label={t.tabsLabel}
          tabs={placeTabs.map((each) => ({ to: pathOf(id, each), title: t.tabs[each] }))}
        />
      }
    >
      {name === undefined || fields === undefined ? (
        <PageLoading />
      ) : tab === 'settings' ? (
        <Settings key={version} kind={kind} id={id} name={name} fields={fields} />
      ) : (
        <Members kind={kind} id={id} name={name} />
      )}
    </Page>
  )
}
