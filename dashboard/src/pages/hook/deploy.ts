import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, type Hook, server } from '../../server.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'

export type Step = 'saving' | 'building' | 'deploying'

/** A build that failed says so itself, on the page of its hook. */
class NotBuilt extends Error {
  override readonly name = 'NotBuilt'
}

const pauseMs = 500

const untilBuilt = async (id: string): Promise<void> => {
  for (;;) {
    const { status } = await answered(server.GET('/hooks/{id}', { params: { path: { id } } }))
    if (status === 'built') return
    if (status === 'failed') throw new NotBuilt()
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

/** Saves what is typed, waits until it is built, and makes it what runs. */
export const useDeploy = (hook: Hook, code: string, onSaved: () => void) => {
  const t = useText(hooksText)
  const [step, setStep] = useState<Step>()
  const params = { path: { id: hook.id } }
  const change = useChange(
    async () => {
      try {
        if (code !== hook.code) {
          setStep('saving')
          await answered(server.PATCH('/hooks/{id}', { params, body: { code } }))
        }
        setStep('building')
        await untilBuilt(hook.id)
        setStep('deploying')
        return await answered(server.POST('/hooks/{id}/deploy', { params }))
      } finally {
        setStep(undefined)
      }
    },
    {
      refusal: 'inline',
      done: ({ versionNumber }) => t.deployed(versionNumber),
      afterwards: onSaved,
    },
  )
  return {
    step,
    error: change.error instanceof NotBuilt ? undefined : change.error,
    start: () => change.mutate(),
  }
}
