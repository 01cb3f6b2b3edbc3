import { Box } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { isComplete, ScopePicker } from '../../forms/scope-picker.tsx'
import { PageLink } from '../../link.tsx'
import { detailOf, nameOf } from '../../names.ts'
import { usePage } from '../../paging.ts'
import { paths } from '../../paths.ts'
import type { Role } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useFormat } from '../../text/format.ts'
import { useText } from '../../text/language.tsx'
import { rolesText } from '../../text/roles.ts'
import { shellText } from '../../text/shell.ts'
import { usersText } from '../../text/users.ts'
import { Empty } from '../../ui/page.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Person } from '../../ui/person.tsx'
import { DataTable } from '../../ui/table.tsx'

export const Members = ({ role }: { role: Role }) => {
  const t = useText(rolesText).members
  const shell = useText(shellText)
  const users = useText(usersText)
  const format = useFormat()
  const [scope, setScope] = useState(role.heldIn === 'room' ? 'room:' : 'workspace')
  const list = usePage(
    '/roles/{id}/holders',
    { scope: isComplete(scope) ? scope : 'workspace', total: true },
    { pathParameters: { id: role.id } },
  )
  return (
    <section className="card table-frame" aria-label={t.title}>
      <Box p="md" maw={520}>
        <ScopePicker value={scope} onChange={setScope} label={t.where} />
      </Box>
      {list.error ? (
        <Box p="md">
          <Fault error={list.error} onRetry={list.refetch} />
        </Box>
      ) : (
        <DataTable
          label={t.title}
          rows={list.rows}
          idOf={({ id }) => id}
          columns={[
            {
              key: 'user',
              title: users.columns.user,
              cell: (user) => (
                <Person
                  plainName={nameOf(user)}
                  name={
                    <PageLink to={paths.user(user.id, 'roles')} quiet>
                      {nameOf(user)}
                    </PageLink>
                  }
                  detail={detailOf(user)}
                />
              ),
            },
          ]}
          empty={
            <Empty icon={<IconUsers size={26} />} title={t.empty}>
              {t.emptyText}
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
        note={list.total === undefined ? undefined : users.total(format.number(list.total))}
      />
    </section>
  )
}
