import { Badge, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { IconCircleCheckFilled, IconCircleDashed } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { PageLink } from '../link.tsx'
import { nameOf } from '../names.ts'
import { paths } from '../paths.ts'
import { read } from '../server.ts'
import { useSession } from '../session.tsx'
import { useFormat } from '../text/format.ts'
import { homeText } from '../text/home.ts'
import { useText } from '../text/language.tsx'
import { Page, Section } from '../ui/page.tsx'

const ActivityChart = lazy(() => import('./activity-chart.tsx'))

/** The first page of whoever may see numbers; others go to what they came for. */
export const Home = () => {
  const { may } = useSession()
  if (may('statistics:read', 'events:read')) return <Overview />
  return <Navigate to={may('users:read') ? paths.users : paths.me} replace />
}

const one = { params: { query: { limit: 1, total: true } } } as const

const Overview = () => {
  const t = useText(homeText)
  const { user, may } = useSession()
  const users = useQuery({ ...read('/users', one), enabled: may('users:read') })
  const roles = useQuery({
    ...read('/roles', { params: { query: { limit: 1, total: true, builtIn: false } } }),
    enabled: may('roles:read'),
  })
  const applications = useQuery({ ...read('/applications', one), enabled: may('applications:read') })
  const organizations = useQuery({ ...read('/organizations', one), enabled: may('organizations:read') })
  const invitations = useQuery({ ...read('/invitations', one), enabled: may('invitations:read') })
  const policy = useQuery({ ...read('/registration-policy'), enabled: may('settings:read') })
  const { defaultRoles = [], selectableRoles = [] } = policy.data ?? {}
  const steps = [
    { key: 'role', to: paths.roles, isDone: (roles.data?.total ?? 0) > 0 },
    {
      key: 'policy',
      to: paths.registration(),
      isDone: defaultRoles.length + selectableRoles.length > 0,
    },
    // The one that every workspace begins with, and the one that stands for all, are nobody's work.
    { key: 'application', to: paths.applications, isDone: (applications.data?.total ?? 0) > 2 },
    {
      key: 'people',
      to: paths.users,
      isDone: (invitations.data?.total ?? 0) > 0 || (users.data?.total ?? 0) > 1,
    },
  ]
  return (
    <Page title={t.title(nameOf(user))} lead={t.lead}>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <Count name={t.users} to={paths.users} value={users.data?.total} />
        <Count name={t.roles} to={paths.roles} value={roles.data?.total} />
        <Count name={t.applications} to={paths.applications} value={applications.data?.total} />
        <Count name={t.organizations} to={paths.organizations} value={organizations.data?.total} />
      </SimpleGrid>
      <Suspense fallback={<div className="card" style={{ height: 262 }} />}>
        <ActivityChart />
      </Suspense>
      <Section title={t.steps} lead={t.stepsLead}>
        <SimpleGrid cols={{ base: 1, sm: 2 }} verticalSpacing="md">
          {steps.map(({ key, to, isDone }) => {
            const [title, hint] = t.step[key]!
            return (
              <Group key={key} gap="sm" wrap="nowrap" align="flex-start">
                {isDone ? (
                  <IconCircleCheckFilled size={22} color="var(--mantine-color-teal-7)" aria-hidden />
                ) : (
                  <IconCircleDashed size={22} color="var(--mantine-color-dimmed)" aria-hidden />
                )}
                <Stack gap={0}>
                  <Group gap="xs">
                    <PageLink to={to} quiet size="sm">
                      {title}
                    </PageLink>
                    {isDone && (
                      <Badge size="xs" color="teal">
                        {t.done}
                      </Badge>
                    )}
                  </Group>
                  <Text size="sm" c="dimmed">
                    {hint}
                  </Text>
                </Stack>
              </Group>
            )
          })}
        </SimpleGrid>
      </Section>
    </Page>
  )
}

const Count = ({ name, to, value }: { name: string; to: string; value: number | undefined }) => {
  const format = useFormat()
  return (
    <div className="card" style={{ padding: '14px 18px' }}>
      <PageLink to={to} size="sm" c="dimmed">
        {name}
      </PageLink>
      {value === undefined ? (
        <Skeleton h={30} w={60} mt={4} />
      ) : (
        <Text fz={26} fw={650} lh={1.3}>
          {format.number(value)}
        </Text>
      )}
    </div>
  )
}
