import { environmentTable } from '#src/config.ts'

export type Generated = {
  /** From the root of the project. */
  path: string
  /** What the file should hold, given what it holds. */
  render(before: string): Promise<string>
}

/** Every file that is written by the project about itself, and compared in CI. */
export const generated: readonly Generated[] = [
  {
    path: 'README.md',
    render: async (before) =>
      before.replace(
        /<!-- environment -->[\s\S]*<!-- \/environment -->/u,
        () => `<!-- environment -->\n${environmentTable()}\n<!-- /environment -->`,
      ),
  },
]
