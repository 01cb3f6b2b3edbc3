import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Everything that axe finds wrong with what is on the screen, for a message that can be read. */
export const violationsOn = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}

/** Waits until nothing is on its way any more, and the page has its heading. */
export const settled = async (page: Page, heading: string | RegExp): Promise<void> => {
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  // By what it says of itself, and what it shows while it waits: the policy of the page forbids scripts that wait.
  const waiting = page.locator('[aria-busy=true], .mantine-Loader-root, .mantine-Skeleton-root')
  for (;;) {
    if ((await waiting.count()) === 0) return
    await waiting.first().waitFor({ state: 'hidden' })
  }
}

/** Nothing of a page lies beside a narrow screen. */
export const assertFits = async (page: Page): Promise<void> => {
  const [content, screen] = await page.evaluate<number[]>(
    '[document.documentElement.scrollWidth, innerWidth]',
  )
  assert.ok(content! <= screen!, `${page.url()} is ${content} wide on ${screen}`)
}

/**
 * How much of the page moved under the reader since it was opened, without what he did himself.
 * @see https://web.dev/articles/cls
 */
export const shiftOn = (page: Page): Promise<number> =>
  page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0
    const observer = new PerformanceObserver((list) => {
      for (const { hadRecentInput, value } of list.getEntries()) if (!hadRecentInput) sum += value
    })
    observer.observe({ type: 'layout-shift', buffered: true })
    requestAnimationFrame(() => setTimeout(() => resolve(sum), 50))
  })`)
