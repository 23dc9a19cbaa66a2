/** In each thread that runs tests, before the first: TypeScript as it is, as the command line reads it. */
import { register as registerModules } from 'tsx/esm/api';
import { register as registerRequire } from 'tsx/cjs/api';

// Nothing that a test starts shall see what is meant for the report of tests.
delete process.env.FORCE_COLOR;

registerRequire();
registerModules();
await import('./fixtures/no-creation-stacks.ts');
