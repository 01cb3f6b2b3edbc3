import { postgres } from './database.ts'
import { storeSuite } from './suite/suite.ts'

storeSuite(postgres('bytes'))
