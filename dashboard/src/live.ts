import { useEffect, useRef, useState } from 'react'
import type { Event } from './server.ts'

export type Connection = 'connecting' | 'live' | 'closed'

const address = '/api/rolecall/v1/events/stream'
const kept = 50

/** What happens while one looks, the newest first. The browser connects again by itself, behind the last event it saw. */
export const useLiveEvents = (
  filters: Record<string, string>,
  isFollowing: boolean,
): [fresh: readonly Event[], connection: Connection, forget: () => void] => {
  const [fresh, setFresh] = useState<readonly Event[]>([])
  const [connection, setConnection] = useState<Connection>('connecting')
  const query = new URLSearchParams(filters).toString()
  const last = useRef<string>(undefined)
  useEffect(() => {
    setFresh([])
    if (!isFollowing) return setConnection('closed')
    const ending = new AbortController()
    void follow(query === '' ? address : `${address}?${query}`, last, ending.signal, {
      onEvent: (event) => setFresh((before) => [event, ...before].slice(0, kept)),
      onConnection: setConnection,
    })
    return () => ending.abort()
  }, [query, isFollowing])
  return [fresh, connection, () => setFresh([])]
}

type Listener = { onEvent: (event: Event) => void; onConnection: (connection: Connection) => void }

/**
 * Reads the stream by hand: its events have names of their own, which `EventSource` only tells to whoever lists all.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
const follow = async (
  url: string,
  last: { current: string | undefined },
  signal: AbortSignal,
  { onEvent, onConnection }: Listener,
): Promise<void> => {
  let wait = 500
  while (!signal.aborted) {
    onConnection('connecting')
    try {
      const headers: Record<string, string> =
        last.current === undefined ? {} : { 'last-event-id': last.current }
      const response = await fetch(url, { headers, signal })
      if (response.status === 401 || response.status === 403) return onConnection('closed')
      if (response.ok && response.body) {
        onConnection('live')
        wait = 500
        for await (const block of blocksOf(response.body)) {
          const fields = fieldsOf(block)
          if (fields.id) last.current = fields.id
          if (fields.event === 'end') return onConnection('closed')
          if (fields.data) onEvent(JSON.parse(fields.data) as Event)
        }
      }
    } catch {
      // The way to the server broke; it is tried again below.
    }
    if (signal.aborted) return
    await new Promise((resolve) => setTimeout(resolve, wait))
    wait = Math.min(wait * 2, 15_000)
  }
}

async function* blocksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
    .getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    text += value
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 2)
    }
  }
}

const fieldsOf = (block: string): Record<string, string> =>
  Object.fromEntries(
    block.split('\n').flatMap((line) => {
      const [, name, value] = /^(\w+): (.*)$/u.exec(line) ?? []
      return name === undefined ? [] : [[name, value!]]
    }),
  )
