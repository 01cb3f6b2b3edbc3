#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Sources are stripped of their types and compiled at every start otherwise: half of what a command takes.
enableCompileCache()
await import('./program.ts')
