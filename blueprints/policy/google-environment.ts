/** An environment's part on Google Cloud: its fields and its canonical form. */
import * as z from 'zod';
import { blockText } from './cidr';
import { formatted, networkBlock, regionField } from './fields';
import { canonicalCluster } from './canonical-pods';
import type { GoogleEnvironment } from './model';
import { clusterSchema } from './pods-schema';

/** `environments[].google` as it is written. */
export const googleEnvironmentSchema = z
  .strictObject({
    region: regionField('google'),
    cidr: networkBlock('/12 to /20'),
    project: formatted('The project id.', /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'a project id', 'acme-prod'),
    cluster: clusterSchema('google').optional(),
  })
  .meta({ description: 'This environment on Google Cloud.' });

/** What `environments[].google` holds once the schema accepts it. */
export type GoogleEnvironmentInput = z.infer<typeof googleEnvironmentSchema>;

/** Defaults filled in, blocks in their canonical form. @param defaultCluster the name of a cluster that is given none */
export function canonicalGoogleEnvironment({ region, cidr, project, cluster }: GoogleEnvironmentInput, defaultCluster: string): GoogleEnvironment {
  return { cloud: 'google', region, cidr: blockText(cidr), project, ...canonicalCluster(cluster, defaultCluster) };
}
