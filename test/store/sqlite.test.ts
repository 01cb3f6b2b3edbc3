import { sqlite } from './database.ts'
import { storeSuite } from './suite/suite.ts'

storeSuite(sqlite)
