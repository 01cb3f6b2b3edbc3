import { Box, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'

/** Names and values, side by side. */
export const Facts = ({
  facts,
  cols = { base: 1, xs: 2, md: 3 },
}: {
  facts: readonly (readonly [name: string, value: ReactNode])[]
  cols?: Record<string, number>
}) => (
  <SimpleGrid component="dl" cols={cols} m={0} verticalSpacing="md">
    {facts.map(([name, value]) => (
      <Box key={name} style={{ minWidth: 0 }}>
        <Text component="dt" size="xs" c="dimmed" fw={550}>
          {name}
        </Text>
        <Text component="dd" size="sm" m={0} mt={2} style={{ overflowWrap: 'anywhere' }}>
          {value ?? '–'}
        </Text>
      </Box>
    ))}
  </SimpleGrid>
)
