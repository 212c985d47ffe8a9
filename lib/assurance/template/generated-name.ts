/** A name as CloudFormation makes it up: a part that the template decides and random characters after it. */
export interface GeneratedName {
  readonly fixed: string;
  /** Number of random letters or digits that follow `fixed`. */
  readonly random: number;
}

interface Shape {
  readonly make: (stackName: string, logicalId: string) => GeneratedName;
}

const named = (maxLength: number, fold = false): Shape => ({
  make: (stackName, logicalId) => {
    const text = `${stackName}-${logicalId}-`;
    const cut = text.length + 12 > maxLength ? `${text.slice(0, maxLength - 13)}-` : text;
    return { fixed: fold ? cut.toLowerCase() : cut, random: 12 };
  },
});
const prefixed = (fixed: string, random: number): Shape => ({ make: () => ({ fixed, random }) });

const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::S3::Bucket': named(63, true),
  'AWS::IAM::Role': named(64),
  'AWS::IAM::User': named(64),
  'AWS::IAM::Group': named(128),
  'AWS::IAM::ManagedPolicy': named(128),
  'AWS::Lambda::Function': named(64),
  'AWS::SQS::Queue': named(80),
  'AWS::ECR::Repository': named(256, true),
  'AWS::KMS::Key': prefixed('', 36),
  'AWS::EC2::VPCEndpoint': prefixed('vpce-0', 16),
  'AWS::EC2::VPC': prefixed('vpc-0', 16),
  'AWS::EC2::Subnet': prefixed('subnet-0', 16),
  'AWS::EC2::SecurityGroup': prefixed('sg-0', 16),
  'AWS::ApiGateway::RestApi': prefixed('', 10),
  'AWS::Bedrock::Guardrail': prefixed('', 12),
  'AWS::Bedrock::Agent': prefixed('', 10),
  'AWS::Bedrock::KnowledgeBase': prefixed('', 10),
  'AWS::SageMaker::Domain': prefixed('d-', 12),
};

/** The shape of the name that CloudFormation gives to a resource without a name of its own. */
export function generatedName(type: string, stackName: string, logicalId: string): GeneratedName {
  return (Object.hasOwn(SHAPES, type) ? SHAPES[type] : named(255)).make(stackName, logicalId);
}
