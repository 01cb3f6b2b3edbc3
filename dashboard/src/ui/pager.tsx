import { Button, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'

type PagerProps = {
  label: string
  previous: string
  next: string
  onPrevious?: (() => void) | undefined
  onNext?: (() => void) | undefined
  /** How much there is, where that is known. */
  note?: string | undefined
}

/** Goes through a list page by page. Both buttons stay where they are. */
export const Pager = ({ label, previous, next, onPrevious, onNext, note }: PagerProps) => (
  <Group justify="space-between" px="md" py="sm" component="nav" aria-label={label}>
    <Text size="sm" c="dimmed">
      {note}
    </Text>
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconChevronLeft size={14} />}
        disabled={!onPrevious}
        onClick={onPrevious}
      >
        {previous}
      </Button>
      <Button
        size="xs"
        variant="default"
        rightSection={<IconChevronRight size={14} />}
        disabled={!onNext}
        onClick={onNext}
      >
        {next}
      </Button>
    </Group>
  </Group>
)
