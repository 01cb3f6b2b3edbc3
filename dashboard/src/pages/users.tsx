import { Badge, Box, Button, Group, NativeSelect, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus, IconSearch, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { PageLink, useSearch } from '../link.tsx'
import { detailOf, nameOf, usePlaceNames } from '../names.ts'
import { usePage } from '../paging.ts'
import { paths } from '../paths.ts'
import { answered, type Item, read, server } from '../server.ts'
import { useSession } from '../session.tsx'
import { Fault } from '../shell/faults.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { usersText } from '../text/users.ts'
import { Empty, Page } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { Person } from '../ui/person.tsx'
import { type Column, DataTable } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { ColumnChoice, useColumns } from './users/columns.tsx'
import { UserMenu } from './users/user-menu.tsx'

/** What opens over the list is fetched when it is first needed. */
const AssignRoles = lazy(() => import('../forms/assign-roles.tsx').then((m) => ({ default: m.AssignRoles })))
const BulkBar = lazy(() => import('./users/bulk-bar.tsx').then((m) => ({ default: m.BulkBar })))
const CreateUser = lazy(() => import('./users/create-user.tsx').then((m) => ({ default: m.CreateUser })))

type ListedUser = Item<'/users'>

/** What the address says of who is looked for; the same for the list and for whatever is done to all of them. */
const queryOf = (search: Readonly<Record<string, string | undefined>>) => ({
  ...(search.search && { search: search.search }),
  ...(search.role && { role: search.role }),
  ...(search.scope && { scope: search.scope }),
  ...(search.status && { blocked: search.status === 'blocked' }),
})

/** Everybody, with search, filters and order in the address. */
export const Users = () => {
  const t = useText(usersText)
  const shell = useText(shellText)
  const format = useFormat()
  const { may } = useSession()
  const [search, change] = useSearch()
  const filters = queryOf(search)
  const order = search.order ?? '-createdAt'
  const list = usePage('/users', { ...filters, order, withRoles: true, total: true })
  const [assignee, setAssignee] = useState<ListedUser>()
  const [isCreating, setCreating] = useState(false)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [isEverybody, setEverybody] = useState(false)
  const [shown, setShown] = useColumns()
  const isFiltered = Object.keys(filters).length > 0

  const toggle = (ids: readonly string[], isChosen: boolean) => {
    setEverybody(false)
    setChosen((before) => {
      const after = new Set(before)
      for (const id of ids)
        if (isChosen) after.add(id)
        else after.delete(id)
      return after
    })
  }
  const columns: (Column<ListedUser> & { isOptional?: boolean })[] = [
    {
      key: 'user',
      title: t.columns.user,
      orderBy: 'name',
      cell: (user) => (
        <Person
          plainName={nameOf(user)}
          name={
            <Group gap={6} wrap="nowrap">
              <PageLink to={paths.user(user.id)} quiet className="quiet-link truncate">
                {nameOf(user)}
              </PageLink>
              {user.kind === 'bot' && <Badge size="xs">{t.bot}</Badge>}
              {user.isBlocked && (
                <Badge size="xs" color="red">
                  {t.blocked}
                </Badge>
              )}
            </Group>
          }
          detail={detailOf(user)}
        />
      ),
    },
    {
      key: 'roles',
      title: t.columns.roles,
      isOptional: true,
      wide: true,
      cell: ({ roles = [] }) => (
        <Group gap={4}>
          {roles.length === 0 && '–'}
          {roles.slice(0, 3).map(({ id, name }) => (
            <Badge key={id} color="gray">
              {name}
            </Badge>
          ))}
          {roles.length > 3 && <Badge color="gray">+{roles.length - 3}</Badge>}
        </Group>
      ),
    },
    {
      key: 'connection',
      title: t.columns.connection,
      isOptional: true,
      wide: true,
      cell: ({ connectionName, identities }) => {
        const name = connectionName ?? identities?.[0]?.connectionName ?? '–'
        return (
          <Text inherit truncate maw={180} title={name}>
            {name}
          </Text>
        )
      },
    },
    {
      key: 'logins',
      title: t.columns.logins,
      orderBy: 'loginsCount',
      isOptional: true,
      wide: true,
      align: 'right',
      width: 120,
      cell: ({ loginsCount }) => format.number(loginsCount),
    },
    {
      key: 'lastLogin',
      title: t.columns.lastLogin,
      orderBy: 'lastLoginAt',
      isOptional: true,
      width: 160,
      cell: ({ lastLoginAt }) => <Time at={lastLoginAt} fallback={t.neverSignedIn} />,
    },
    {
      key: 'created',
      title: t.columns.created,
      orderBy: 'createdAt',
      isOptional: true,
      wide: true,
      width: 150,
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      key: 'menu',
      title: <span className="visually-hidden">{t.columns.menu}</span>,
      width: 56,
      align: 'right',
      cell: (user) => <UserMenu user={user} onAssign={() => setAssignee(user)} />,
    },
  ]
  const visible = columns.filter(({ key, isOptional }) => !isOptional || shown.includes(key))
  const optional = columns
    .filter(({ isOptional }) => isOptional)
    .map(({ key, title }) => ({ key, title: String(title) }))

  return (
    <Page
      title={t.title}
      lead={t.lead}
      actions={
        may('users:create') && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t.create}
          </Button>
        )
      }
    >
      <section className="card table-frame" aria-label={t.title}>
        <Group p="md" gap="sm" align="flex-end">
          <SearchField
            label={t.search}
            placeholder={t.searchPlaceholder}
            value={search.search ?? ''}
            onChange={(text) => change({ search: text, after: undefined })}
          />
          <RoleFilter value={search.role} onChange={(role) => change({ role, after: undefined })} />
          <ScopeFilter value={search.scope} onChange={(scope) => change({ scope, after: undefined })} />
          <NativeSelect
            aria-label={t.filters.status}
            value={search.status ?? ''}
            onChange={(event) => change({ status: event.currentTarget.value, after: undefined })}
            data={[
              { value: '', label: t.filters.anyStatus },
              { value: 'active', label: t.filters.active },
              { value: 'blocked', label: t.filters.blocked },
            ]}
          />
          {isFiltered && (
            <Button
              variant="subtle"
              onClick={() => change({ search: '', role: '', scope: '', status: '', after: undefined })}
            >
              {shell.reset}
            </Button>
          )}
          <ColumnChoice columns={optional} shown={shown} onChange={setShown} />
        </Group>
        {(chosen.size > 0 || isEverybody) && (
          <Suspense fallback={<Box h={36} />}>
            <BulkBar
              chosen={[...chosen]}
              total={list.total}
              filters={filters}
              isEverybody={isEverybody}
              onEverybody={() => setEverybody(true)}
              onClear={() => {
                setChosen(new Set())
                setEverybody(false)
              }}
            />
          </Suspense>
        )}
        {list.error ? (
          <Group p="md">
            <Fault error={list.error} onRetry={list.refetch} />
          </Group>
        ) : (
          <DataTable
            label={t.title}
            columns={visible}
            rows={list.rows}
            idOf={({ id }) => id}
            order={order}
            onOrder={(field) => change({ order: field, after: undefined })}
            labelOrder={shell.orderBy}
            expected={10}
            selection={
              may('roles:assign', 'roles:remove', 'users:update')
                ? {
                    ids: isEverybody ? new Set(list.rows?.map(({ id }) => id)) : chosen,
                    toggle,
                    labelRow: (id) => {
                      const user = list.rows?.find((each) => each.id === id)
                      return shell.selectRow(user ? nameOf(user) : id)
                    },
                    labelAll: shell.selectPage,
                  }
                : undefined
            }
            empty={
              <Empty
                icon={<IconUsers size={26} />}
                title={isFiltered ? t.noMatchTitle : t.emptyTitle}
                action={
                  !isFiltered &&
                  may('users:create') && <Button onClick={() => setCreating(true)}>{t.create}</Button>
                }
              >
                {isFiltered ? t.noMatchText : t.emptyText}
              </Empty>
            }
          />
        )}
        <Pager
          label={shell.pagesOf}
          previous={shell.previous}
          next={shell.next}
          onPrevious={list.onPrevious}
          onNext={list.onNext}
          note={list.total === undefined ? undefined : t.total(format.number(list.total))}
        />
      </section>
      <Suspense>
        {assignee && (
          <AssignRoles
            user={{ id: assignee.id, name: nameOf(assignee) }}
            onClose={() => setAssignee(undefined)}
          />
        )}
        {isCreating && (
          <CreateUser
            onClose={() => setCreating(false)}
            create={(body) => answered(server.POST('/users', { body }))}
          />
        )}
      </Suspense>
    </Page>
  )
}

const SearchField = ({
  label,
  placeholder,
  value,
  onChange,
}: {
  label: string
  placeholder: string
  value: string
  onChange: (text: string) => void
}) => {
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  // The address may change by itself: by going back, or when all filters are cleared.
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  const send = useDebouncedCallback((next: string) => {
    setKnown(next)
    onChange(next)
  }, 200)
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={placeholder}
      leftSection={<IconSearch size={16} />}
      value={text}
      style={{ flex: '1 1 220px' }}
      onChange={(event) => {
        setText(event.currentTarget.value)
        send(event.currentTarget.value.trim())
      }}
    />
  )
}

const RoleFilter = ({ value, onChange }: { value: string | undefined; onChange: (role: string) => void }) => {
  const t = useText(usersText)
  const { may } = useSession()
  const roles = useQuery({
    ...read('/roles', { params: { query: { limit: 200, order: 'name' } } }),
    enabled: may('roles:read'),
    staleTime: 60_000,
  })
  return (
    <NativeSelect
      aria-label={t.filters.role}
      value={value ?? ''}
      maw={180}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: t.filters.anyRole },
        ...(roles.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  )
}

const ScopeFilter = ({
  value,
  onChange,
}: {
  value: string | undefined
  onChange: (scope: string) => void
}) => {
  const t = useText(usersText)
  const shell = useText(shellText)
  const nameOfPlace = usePlaceNames()
  const applications = useQuery(read('/applications', { params: { query: { limit: 200 } } }))
  const organizations = useQuery(read('/organizations', { params: { query: { limit: 200 } } }))
  const scopes = [
    'workspace',
    ...(applications.data?.items ?? []).map(({ id }) => `application:${id}`),
    ...(organizations.data?.items ?? []).map(({ id }) => `organization:${id}`),
  ]
  return (
    <NativeSelect
      aria-label={t.filters.scope}
      value={value ?? ''}
      maw={200}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: '', label: `${t.filters.scope}: ${shell.all}` },
        ...scopes.map((scope) => ({ value: scope, label: nameOfPlace(scope) })),
      ]}
    />
  )
}
