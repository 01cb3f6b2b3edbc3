import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `npx vite dashboard` serves the pages with hot reloading, beside a server on its usual port. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // The server puts one of its own into every answer; what a page adds at run time carries it too.
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // As files, not as data within scripts: the policy of the page allows no other.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    manifest: true,
    rolldownOptions: {
      output: {
        // What most pages use comes as one file, once: a hundred little ones compress worse and ask more often.
        codeSplitting: { groups: [{ name: 'common', minShareCount: 25 }] },
      },
    },
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:3000' }, '/avatars': 'http://127.0.0.1:3000' } },
})
