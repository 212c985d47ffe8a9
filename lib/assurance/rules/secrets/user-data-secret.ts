import { placesAt } from '../places';
import type { Rule } from '../rule';
import { judgeScript } from './script-secrets';

/** `AISec-SE05`. */
export const userDataSecret: Rule = {
  id: 'AISec-SE05',
  name: 'UserDataSecret',
  title: 'No secret stands in the user data of a host',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'User data is only encoded: DescribeInstanceAttribute and every process on the host read it.',
  remedy: 'Let the host read the secret from Secrets Manager with its instance role.',
  example: "userData.addCommands('aws secretsmanager get-secret-value --secret-id hub --query SecretString --output text');",
  source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html',
  types: ['AWS::EC2::Instance', 'AWS::EC2::LaunchTemplate', 'AWS::AutoScaling::LaunchConfiguration'],
  check: ({ resource }) =>
    ['UserData', 'LaunchTemplateData.UserData'].flatMap((place) =>
      placesAt(resource.properties, place).map(({ path, value }) => judgeScript(value, path)),
    ),
};
