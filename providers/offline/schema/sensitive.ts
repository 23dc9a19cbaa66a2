const SENSITIVE =
  /(^|_)(password|passphrase|client_secret|private_key|access_token|auth_token|api_key|secret_key|shared_secret|secret_access_key|oauth_token|kube_admin_config_raw|kube_config_raw|primary_shared_key|secondary_shared_key|primary_access_key|secondary_access_key|primary_connection_string|secondary_connection_string)(_wo)?$/;

/**
 * Whether a value is hidden in plans. Bindings do not say which attributes a provider marks as sensitive,
 * so the name decides: showing a secret in a build log is worse than hiding a harmless text.
 */
export function isSensitiveName(name: string, primitive: string | undefined): boolean {
  return primitive === 'string' && SENSITIVE.test(name);
}
