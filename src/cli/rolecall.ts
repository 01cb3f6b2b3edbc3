#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Sources are stripped of their types and compiled at every start otherwise: half of what a command takes.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'rolecall'))
await import('./program.ts')
