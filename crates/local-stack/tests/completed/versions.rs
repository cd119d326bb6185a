//! What is completed of the emulator's versions of objects: a part of one can be read.

use serde_json::json;

use super::run;

const SCRIPT: &str = "
import boto3, json
s3 = boto3.client('s3')
s3.create_bucket(Bucket='versions')
s3.put_bucket_versioning(Bucket='versions', VersioningConfiguration={'Status': 'Enabled'})
first = s3.put_object(Bucket='versions', Key='a', Body=b'0123456789')['VersionId']
s3.put_object(Bucket='versions', Key='a', Body=b'another')
found = []
for wanted in [{'Range': 'bytes=2-4'}, {'Range': 'bytes=8-99'}, {}, {'Range': 'bytes=10-11'}]:
    try:
        answer = s3.get_object(Bucket='versions', Key='a', VersionId=first, **wanted)
        found.append([answer['ResponseMetadata']['HTTPStatusCode'], answer['Body'].read().decode(), answer.get('ContentRange')])
    except s3.exceptions.ClientError as error:
        found.append(error.response['Error']['Code'])
print(json.dumps(found))
";

#[tokio::test]
async fn a_part_of_a_version_is_read() {
    let found = run(SCRIPT).await;
    let expected =
        json!([[206, "234", "bytes 2-4/10"], [206, "89", "bytes 8-9/10"], [200, "0123456789", null], "InvalidRange",]);
    assert_eq!(found, expected);
}
