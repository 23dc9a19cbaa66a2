import { ComputeSharedVpcHostProject } from '@cdktf/provider-google/lib/compute-shared-vpc-host-project';
import { ComputeSharedVpcServiceProject } from '@cdktf/provider-google/lib/compute-shared-vpc-service-project';
import { ComputeSubnetworkIamMember } from '@cdktf/provider-google/lib/compute-subnetwork-iam-member';
import { Construct } from 'constructs';
import { contentHashHex } from './content-hash';
import type { SharedVpc } from '../policy/google-model';

/** What sharing a network needs. */
export interface GoogleSharedVpcProps extends SharedVpc {
  /** The host: the network's own project. */
  readonly project: string;
  readonly region: string;
  /** Subnet ids by segment. */
  readonly subnets: ReadonlyMap<string, string>;
}

/**
 * The network's project as host of a Shared VPC: service projects use its subnets, and change none
 * of its rules and routes. Who may put machines into which subnet is granted subnet by subnet, so
 * a team has its own segments and no other.
 * https://cloud.google.com/vpc/docs/shared-vpc
 */
export class GoogleSharedVpc extends Construct {
  readonly host: ComputeSharedVpcHostProject;
  readonly serviceProjects: readonly ComputeSharedVpcServiceProject[];

  constructor(scope: Construct, id: string, props: GoogleSharedVpcProps) {
    super(scope, id);
    this.host = new ComputeSharedVpcHostProject(this, 'host', { project: props.project });
    this.serviceProjects = [...props.serviceProjects].sort().map((project) => new ComputeSharedVpcServiceProject(this, `service-${project.replace(/[^a-z0-9-]/g, '-')}`, {
      hostProject: this.host.project,
      serviceProject: project,
    }));
    for (const [segment, members] of Object.entries(props.subnetUsers)) {
      for (const member of members) {
        new ComputeSubnetworkIamMember(this, `user-${segment}-${contentHashHex(member)}`, {
          project: props.project,
          region: props.region,
          subnetwork: props.subnets.get(segment)!,
          role: 'roles/compute.networkUser',
          member,
        });
      }
    }
  }
}
