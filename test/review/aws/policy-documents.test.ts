/** Actions of policy documents, as IAM compares them. */
import { takesIn } from '../../../review/model/aws/policy-documents';

test.each<[string, string, boolean]>([
  ['s3:DeleteObject', 's3:DeleteObject', true], ['S3:deleteobject', 's3:DeleteObject', true], ['s3:Delete*', 's3:DeleteObjectVersion', true], ['*', 's3:DeleteObject', true], ['s3:*Object', 's3:DeleteObject', true],
  ['s3:*Object', 's3:DeleteObjectVersion', false], ['s3:DeleteObjec?', 's3:DeleteObject', true], ['s3:Delete?', 's3:DeleteObject', false], ['s3:*e*e*Obj**', 's3:DeleteObject', true], ['s3.DeleteObject', 's3:DeleteObject', false],
  ['', 's3:DeleteObject', false], ['s3:DeleteObject*', 's3:DeleteObject', true], ['s3:(', 's3:DeleteObject', false], ['[', 's3:DeleteObject', false],
])('the action "%s" takes in %s: %s', (pattern, action, expected) => expect(takesIn(pattern, action)).toBe(expected));

test('nor does an action of thousands of stars take long', () => expect(takesIn('*a'.repeat(5_000), 's3:DeleteObject'.repeat(100))).toBe(false));
