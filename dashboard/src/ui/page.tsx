import { Box, Group, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

type PageProps = {
  title: ReactNode
  /** Where the reader is, above the title. */
  trail?: ReactNode
  /** What the page is for, in a sentence. */
  lead?: ReactNode
  /** What stands beside the title: a picture of who it is about. */
  picture?: ReactNode
  actions?: ReactNode
  tabs?: ReactNode
  children: ReactNode
}

/** A page of the dashboard: its title, what can be done, and the rest. */
export const Page = ({ title, trail, lead, picture, actions, tabs, children }: PageProps) => (
  <Stack gap="lg" px={{ base: 'md', sm: 'xl' }} py="lg" maw={1280} mx="auto" w="100%">
    <Stack gap={6}>
      {trail && (
        <Text size="sm" c="dimmed" component="div">
          {trail}
        </Text>
      )}
      <Group justify="space-between" align="flex-start" gap="md">
        <Group gap="md" wrap="nowrap" style={{ minWidth: 0 }}>
          {picture}
          <Box style={{ minWidth: 0 }}>
            <Title order={1} fz={24} lh={1.3} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {lead && (
              <Text c="dimmed" size="sm" maw={680} mt={2} component="div">
                {lead}
              </Text>
            )}
          </Box>
        </Group>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
    </Stack>
    {tabs}
    {children}
  </Stack>
)

type SectionProps = {
  title?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  /** The content reaches to the edge, as tables do. */
  flush?: boolean
  danger?: boolean
  children: ReactNode
}

/** A part of a page, with what it is about. */
export const Section = ({ title, lead, actions, flush, danger, children }: SectionProps) => (
  <section className="card" style={danger ? { borderColor: 'var(--mantine-color-error)' } : undefined}>
    {(title || actions) && (
      <Group justify="space-between" align="flex-start" px="lg" pt="md" pb={flush ? 'md' : 0} gap="sm">
        <Box maw={640}>
          {title && (
            <Title order={2} fz={16}>
              {title}
            </Title>
          )}
          {lead && (
            <Text size="sm" c="dimmed" component="div" mt={2}>
              {lead}
            </Text>
          )}
        </Box>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
    )}
    <Box px={flush ? 0 : 'lg'} py={flush ? 0 : 'md'}>
      {children}
    </Box>
  </section>
)

type EmptyProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }

/** Nothing is here yet: what would be, what it is good for, and the first step. */
export const Empty = ({ icon, title, children, action }: EmptyProps) => (
  <Stack align="center" gap="sm" py={56} px="md" ta="center">
    <div className="empty-art" aria-hidden>
      {icon}
    </div>
    <Text fw={600} size="lg">
      {title}
    </Text>
    <Text c="dimmed" size="sm" maw={460} component="div">
      {children}
    </Text>
    {action && <Box mt="xs">{action}</Box>}
  </Stack>
)
