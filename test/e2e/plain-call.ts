/** Calls of an API of the account that are not worth an SDK client each. */
import type { AwsAccount } from './aws-account';

/** One call (by default a GET of `/` where there is no body, else a POST) as the gateway tells them apart: by the service in the signature, which nobody checks here. */
export async function plainCall(
  { gateway, region }: Pick<AwsAccount, 'gateway' | 'region'>,
  service: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
  { method = body === undefined ? 'GET' : 'POST', path = '/' }: { readonly method?: string; readonly path?: string } = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const authorization = `AWS4-HMAC-SHA256 Credential=loopback/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=none`;
  const response = await fetch(new URL(path, gateway.url), { method, headers: { ...headers, authorization }, ...(body === undefined ? {} : { body }) });
  return { status: response.status, text: await response.text() };
}

/** One operation of the Route 53 Resolver. @throws Error with the code of a refusal as its name. */
export async function resolver(account: Pick<AwsAccount, 'gateway' | 'region'>, operation: string, input: object = {}): Promise<any> {
  const headers = { 'x-amz-target': `Route53Resolver.${operation}`, 'content-type': 'application/x-amz-json-1.1' };
  const { status, text } = await plainCall(account, 'route53resolver', headers, JSON.stringify(input));
  const answer = JSON.parse(text);
  if (status === 200) return answer;
  throw Object.assign(new Error(answer.message), { name: answer.__type });
}
