type Entry = { value: string; expires_at: number }
type Ask = (type: string, fields: Record<string, unknown>) => unknown

const defaultTtl = 15 * 60 * 1000
const longestTtl = 24 * 60 * 60 * 1000
const entriesLimit = 20
const keyBytes = 64
const valueBytes = 4_000
const totalBytes = 8_000

const sizeOf = (text: string) => new TextEncoder().encode(text).length

/** `api.cache`: what earlier runs of this trigger left, and what this one leaves. Limits as Auth0 documents them. */
export const createCache = (given: Record<string, Entry>, ask: Ask) => {
  const entries = new Map(Object.entries(given))
  const fault = (code: string) => ({ type: 'error' as const, code })
  return {
    get: (key: string) => {
      const entry = entries.get(String(key))
      return entry && entry.expires_at > Date.now() ? { ...entry } : undefined
    },
    set: (key: string, value: string, { ttl, expires_at }: { ttl?: number; expires_at?: number } = {}) => {
      if (typeof key !== 'string' || typeof value !== 'string') return fault('ItemMustBeString')
      if (sizeOf(key) > keyBytes) return fault('KeySizeExceeded')
      if (sizeOf(value) > valueBytes) return fault('CacheItemSizeExceeded')
      const others = [...entries].filter(([other]) => other !== key)
      if (others.length >= entriesLimit) return fault('MaxEntriesExceeded')
      const kept = others.reduce((sum, [other, entry]) => sum + sizeOf(other) + sizeOf(entry.value), 0)
      if (kept + sizeOf(key) + sizeOf(value) > totalBytes) return fault('CacheSizeExceeded')
      const now = Date.now()
      const asked = ttl !== undefined ? now + ttl : (expires_at ?? now + defaultTtl)
      const expiresAt = Math.min(asked, now + longestTtl)
      entries.set(key, { value, expires_at: expiresAt })
      ask('cache.set', { key, value, expiresAt })
      return { type: 'success' as const, record: { value, expires_at: expiresAt } }
    },
    delete: (key: string) => {
      entries.delete(String(key))
      ask('cache.delete', { key: String(key) })
      return { type: 'success' as const }
    },
  }
}
