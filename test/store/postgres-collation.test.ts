import { postgres } from './database.ts'
import { storeSuite } from './suite/suite.ts'

// Same answers where the database itself sorts `a` before `B`: our columns say how they compare.
storeSuite(postgres('english'))
