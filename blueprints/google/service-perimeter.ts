import { AccessContextManagerServicePerimeter } from '@cdktf/provider-google/lib/access-context-manager-service-perimeter';
import { DataGoogleProject } from '@cdktf/provider-google/lib/data-google-project';
import { Construct } from 'constructs';
import { BlueprintError } from '../blueprint-error';
import type { ServicePerimeter } from '../policy/google-model';
import type { PrivateService } from '../policy/model';
import { restrictedApis } from '../policy/google-private-services';

/** What a perimeter needs. */
export interface GoogleServicePerimeterProps extends ServicePerimeter {
  /** Prefix of the names of resources: `acme-prod`. */
  readonly name: string;
  readonly project: string;
  readonly privateServices: readonly PrivateService[];
}

/** https://cloud.google.com/access-context-manager/docs/reference/rest/v1/accessPolicies.servicePerimeters */
const LONGEST_NAME = 50;

/**
 * A VPC Service Controls perimeter around the project: its data is read and written from inside,
 * and from inside only its own.
 *
 * `enforced: false` makes a dry run, which records and stops nothing. A perimeter with a `spec`
 * alone is such a dry run, however it looks; this one says which it is.
 * https://cloud.google.com/vpc-service-controls/docs/overview
 *
 * @throws BlueprintError without any API to restrict, and for too long names.
 */
export class GoogleServicePerimeter extends Construct {
  readonly perimeter: AccessContextManagerServicePerimeter;
  readonly isEnforced: boolean;

  constructor(scope: Construct, id: string, props: GoogleServicePerimeterProps) {
    super(scope, id);
    const services = [...new Set([...restrictedApis(props.privateServices), ...props.services])].sort();
    const shortName = props.name.replaceAll('-', '_');
    const problems = [
      ...(services.length === 0 ? [{ message: "google: the perimeter restricts no api; add private services, or 'perimeter: { services: [storage.googleapis.com] }'" }] : []),
      ...(shortName.length > LONGEST_NAME ? [{ message: `google: the name '${shortName}' has ${shortName.length} characters and may have ${LONGEST_NAME}; shorten the organization or environment` }] : []),
    ];
    if (problems.length > 0) throw new BlueprintError(this, problems);
    const project = new DataGoogleProject(this, 'project', { projectId: props.project });
    const contents = {
      resources: [`projects/${project.number}`],
      restrictedServices: services,
      ...(props.accessLevels.length > 0 ? { accessLevels: [...props.accessLevels] } : {}),
      // From inside, nothing but the restricted APIs: another one would be a way around the perimeter.
      vpcAccessibleServices: { enableRestriction: true, allowedServices: ['RESTRICTED-SERVICES'] },
    };
    this.isEnforced = props.enforced;
    this.perimeter = new AccessContextManagerServicePerimeter(this, 'perimeter', {
      parent: `accessPolicies/${props.accessPolicy}`,
      name: `accessPolicies/${props.accessPolicy}/servicePerimeters/${shortName}`,
      title: props.name,
      description: props.enforced ? `Keeps the data of ${props.project} inside` : `Dry run: records what would leave ${props.project}, and stops nothing`,
      perimeterType: 'PERIMETER_TYPE_REGULAR',
      ...(props.enforced ? { status: contents } : { spec: contents, useExplicitDryRunSpec: true }),
    });
  }
}
