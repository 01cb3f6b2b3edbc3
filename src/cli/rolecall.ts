#!/usr/bin/env node
import { Command } from 'commander'
import { serve } from './serve.ts'

const program = new Command('rolecall').description('A self-hosted user and role server: one truth, every dialect.')
program.command('serve').description('Start the server.').action(serve)
await program.parseAsync()
