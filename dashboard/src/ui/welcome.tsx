import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import icon from '../icon.svg'

/** A page for people who are nobody here yet: one thing to do. */
export const Welcome = ({
  title,
  lead,
  width = 420,
  children,
}: {
  title: string
  lead: string
  width?: number
  children: ReactNode
}) => (
  <main className="sign-in-page">
    <Stack w="100%" maw={width} gap="lg">
      <Stack align="center" gap="xs" ta="center">
        <img src={icon} width={48} height={48} alt="" />
        <Title order={1} fz={26} mt="xs">
          {title}
        </Title>
        <Text c="dimmed">{lead}</Text>
      </Stack>
      <Paper p="xl" className="card" shadow="sm">
        {children}
      </Paper>
    </Stack>
  </main>
)
