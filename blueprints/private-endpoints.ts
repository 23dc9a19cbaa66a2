import type { IConstruct } from 'constructs';
import type { PrivateService } from './policy/model';

/** A provider service that the network reaches without the internet. */
export interface PrivateEndpoint {
  /** The policy's name of the service. */
  readonly service: PrivateService;
  /** The cloud's own name: `com.amazonaws.us-east-1.s3`, `storage.googleapis.com`, `blob`. */
  readonly target: string;
  /** The id of what was made for it. A token until deployed. */
  readonly id: string;
}

/** Private ways to provider services, in every zone, with a policy that is not "full access". */
export interface IPrivateEndpoints extends IConstruct {
  /** Sorted by service, then target. */
  readonly endpoints: readonly PrivateEndpoint[];
}
