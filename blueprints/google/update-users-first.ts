import type { TerraformResourceLifecycle } from 'cdktf';

/**
 * For what a NAT lists: what leaves the configuration is destroyed after the NAT was updated to leave it out.
 * By default Terraform destroys first, and Google refuses to delete what a NAT still names.
 * https://github.com/hashicorp/terraform-provider-google/issues/6812
 * https://github.com/hashicorp/terraform-provider-google/issues/28572
 */
export const UPDATE_USERS_FIRST: TerraformResourceLifecycle = { createBeforeDestroy: true };
