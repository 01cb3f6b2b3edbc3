import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Everything that axe finds wrong with what is on the screen, for a message that can be read. */
export const violationsOn = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page })
    // There are no frames; the other way opens a page of its own for each look.
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
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

/** How far a page reaches beside the screen, in pixels. */
export const overhangOn = (page: Page): Promise<number> =>
  page.evaluate<number>('Math.max(0, document.documentElement.scrollWidth - innerWidth)')
