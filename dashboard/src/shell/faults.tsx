import { Button, Center, Loader } from '@mantine/core'
import { IconCompassOff, IconLock, IconMoodSad } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { ButtonLink } from '../link.tsx'
import { paths } from '../paths.ts'
import { type Problem, Refused, Unreachable } from '../server.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Empty } from '../ui/page.tsx'
import { ProblemNote } from '../ui/problem.tsx'

export const PageLoading = () => {
  const t = useText(shellText)
  return (
    <Center mih="60dvh">
      <Loader aria-label={t.loading} />
    </Center>
  )
}

export const PageMissing = () => {
  const t = useText(shellText)
  return (
    <Empty
      icon={<IconCompassOff size={26} />}
      title={t.notFound}
      action={<ButtonLink to={paths.home}>{t.backHome}</ButtonLink>}
    >
      {t.notFoundWhy}
    </Empty>
  )
}

/** A page that needs a permission its reader does not hold. */
export const NotAllowed = () => {
  const t = useText(shellText)
  return (
    <Empty icon={<IconLock size={26} />} title={t.notAllowed}>
      {t.notAllowedWhy}
    </Empty>
  )
}

export const PageBroke = ({ error }: { error: unknown }) => {
  const t = useText(shellText)
  const router = useRouter()
  if (error instanceof Refused || error instanceof Unreachable) {
    return <Fault error={error} onRetry={() => void router.invalidate()} />
  }
  return (
    <Empty
      icon={<IconMoodSad size={26} />}
      title={t.somethingBroke}
      action={<Button onClick={() => location.reload()}>{t.retry}</Button>}
    >
      {t.somethingBrokeWhy}
    </Empty>
  )
}

/** Why something could not be read or done: what the server said, word by word. */
export const Fault = ({ error, onRetry }: { error: unknown; onRetry?: () => void }) => {
  const t = useText(shellText)
  if (!error) return null
  const retry = onRetry && { label: t.retry, onRetry }
  if (error instanceof Refused) {
    if (error.problem.code === 'not_found' && onRetry) return <PageMissing />
    if (error.problem.code === 'forbidden' && onRetry) return <NotAllowed />
    return <RefusalNote problem={error.problem} retry={retry} />
  }
  if (error instanceof Unreachable) {
    return <ProblemNote title={t.unreachable} detail={t.unreachableWhy} isAway retry={retry} />
  }
  return <ProblemNote title={t.somethingBroke} detail={String(error)} retry={retry} />
}

const RefusalNote = ({
  problem: { title, detail, errors = [] },
  retry,
}: {
  problem: Problem
  retry: { label: string; onRetry: () => void } | undefined
}) => (
  <ProblemNote
    title={title}
    detail={detail}
    points={errors.map(({ path, message }) => `${path} ${message}`)}
    retry={retry}
  />
)
