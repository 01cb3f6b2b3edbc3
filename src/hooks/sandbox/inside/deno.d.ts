/** The little of deno's own API that the code inside a sandbox uses. */
declare const Deno: {
  readonly stdin: {
    read(into: Uint8Array): Promise<number | null>
    readSync(into: Uint8Array): number | null
  }
  readonly stdout: { writeSync(bytes: Uint8Array): number }
  exit(code?: number): never
}

declare function addEventListener(
  type: 'unhandledrejection' | 'error',
  listener: (event: { preventDefault(): void; reason?: unknown; error?: unknown }) => void,
): void
