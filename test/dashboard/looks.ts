import type { Page } from 'playwright-core'

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
