#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'
import { keepHeapSmall } from './memory.ts'

// Sources are stripped of their types and compiled at every start otherwise: half of what a command takes.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'rolecall'))
// What a server may keep for the next request, a command has no use for; it may run beside one.
if (process.argv[2] !== 'serve' && process.argv[2] !== 'demo') keepHeapSmall()
await import('./program.ts')
