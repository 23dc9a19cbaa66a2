import { ManagementLock } from '@cdktf/provider-azurerm/lib/management-lock';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';

/** What a lock needs. */
export interface DeletionLockProps {
  /** Prefix of the lock's name. */
  readonly name: string;
  readonly resourceId: string;
  /** What hangs on the resource: it is deleted after the lock, so it has to exist before. */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/**
 * Keeps people and scripts from deleting a resource; Terraform removes the lock first.
 *
 * Locks are set on single resources, not on groups or networks: a lock is inherited, and would
 * then block the removal of a segment. Making one takes `Microsoft.Authorization/locks/*`.
 * https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function lockAgainstDeletion(scope: Construct, id: string, props: DeletionLockProps): ManagementLock {
  return new ManagementLock(scope, id, {
    name: `${props.name}-keep`,
    scope: props.resourceId,
    lockLevel: 'CanNotDelete',
    notes: 'part of the egress control; turn deletionProtection off before removing it',
    ...(props.dependsOn ? { dependsOn: [...props.dependsOn] } : {}),
  });
}
