import { buildPaths } from '../../stacks/build-paths';

const { EGRESS_CONFIG, CDKTF_OUTDIR } = process.env;
afterEach(() => {
  for (const [name, value] of Object.entries({ EGRESS_CONFIG, CDKTF_OUTDIR })) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

test.each([
  [undefined, 'egress.yaml', 'cdktf.out'],
  // A pipeline's variable that nobody has filled in.
  ['', 'egress.yaml', 'cdktf.out'],
  ['other', 'other', 'other'],
])('variables of %j', (value, config, outdir) => {
  for (const name of ['EGRESS_CONFIG', 'CDKTF_OUTDIR']) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  expect(buildPaths()).toEqual({ config, outdir });
  expect(buildPaths({ config: 'given.yaml' }).config).toBe('given.yaml');
});
