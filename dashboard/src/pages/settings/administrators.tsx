import { useQuery } from '@tanstack/react-query'
import { ButtonLink, PageLink } from '../../link.tsx'
import { detailOf, nameOf } from '../../names.ts'
import { paths } from '../../paths.ts'
import { read } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { settingsText } from '../../text/settings.ts'
import { usersText } from '../../text/users.ts'
import { Section } from '../../ui/page.tsx'
import { Person } from '../../ui/person.tsx'
import { DataTable } from '../../ui/table.tsx'

export const Administrators = () => {
  const t = useText(settingsText)
  const users = useText(usersText)
  const params = { path: { id: 'admin' }, query: { limit: 200 } }
  const found = useQuery(read('/roles/{id}/holders', { params }))
  return (
    <>
      <Section flush title={t.administrators} lead={t.administratorsLead}>
        <Fault error={found.error} onRetry={() => void found.refetch()} />
        <DataTable
          label={t.administrators}
          rows={found.data?.items}
          idOf={({ id }) => id}
          expected={2}
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
        />
      </Section>
      <Section title={t.limited} lead={t.limitedLead}>
        <ButtonLink to={paths.roles} variant="default">
          {t.newRole}
        </ButtonLink>
      </Section>
    </>
  )
}
