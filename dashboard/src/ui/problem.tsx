import { Alert, Button, List } from '@mantine/core'
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react'

type ProblemProps = {
  title: string
  detail?: string | undefined
  /** What is wrong with single values. */
  points?: readonly string[] | undefined
  isAway?: boolean
  retry?: { label: string; onRetry: () => void } | undefined
}

/** A refusal in the server's own words, or that it does not answer. */
export const ProblemNote = ({ title, detail, points = [], isAway, retry }: ProblemProps) => (
  <Alert
    role="alert"
    color={isAway ? 'yellow' : 'red'}
    title={title}
    icon={isAway ? <IconPlugConnectedX size={18} /> : <IconAlertTriangle size={18} />}
    variant="light"
  >
    {detail}
    {points.length > 1 && (
      <List size="sm" mt="xs">
        {points.map((point) => (
          <List.Item key={point}>{point}</List.Item>
        ))}
      </List>
    )}
    {retry && (
      <Button mt="sm" size="xs" variant="default" onClick={retry.onRetry}>
        {retry.label}
      </Button>
    )}
  </Alert>
)
