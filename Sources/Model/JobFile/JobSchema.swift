/// The JSON Schema (draft 2020-12) of the part of the job format that this version of the program can do. The file
/// `jobs/job.schema.json` holds the same text, so that editors find it beside the samples.
package enum JobSchema {
  package static let text = #"""
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": "urn:distci:job-file:1",
      "title": "DistCI job file, version 1",
      "description": "One job: what to do, what starts it by itself, and what to start afterwards.",
      "type": "object",
      "additionalProperties": false,
      "required": ["job", "tasks"],
      "properties": {
        "$schema": {"description": "Names this schema, so that editors check the file.", "type": "string"},
        "job": {"description": "The job's name.", "$ref": "#/$defs/name"},
        "description": {
          "description": "What the job is for, in your words.",
          "type": "string",
          "maxLength": 10000
        },
        "parameters": {
          "description": "Values that whoever starts a build may give.",
          "type": "array",
          "maxItems": 100,
          "items": {"$ref": "#/$defs/parameter"}
        },
        "triggers": {
          "description": "What starts builds.",
          "type": "array",
          "maxItems": 100,
          "items": {
            "oneOf": [
              {"$ref": "#/$defs/pushTrigger"},
              {"$ref": "#/$defs/scheduleTrigger"},
              {"$ref": "#/$defs/pollTrigger"},
              {"$ref": "#/$defs/pullRequestTrigger"}
            ]
          }
        },
        "priority": {
          "description": "Tasks of a job with a higher priority go first.",
          "type": "integer",
          "minimum": -1000,
          "maximum": 1000,
          "default": 0
        },
        "concurrency": {"description": "Which builds may not run together.", "$ref": "#/$defs/concurrency"},
        "timeout": {"description": "How long a build may take in all.", "$ref": "#/$defs/duration"},
        "tasks": {
          "description": "The tasks. Written without needs, they run one after another.",
          "type": "array",
          "minItems": 1,
          "maxItems": 1000,
          "items": {
            "oneOf": [
              {"$ref": "#/$defs/gitCheckout"},
              {"$ref": "#/$defs/executeShell"},
              {"$ref": "#/$defs/publishArtifacts"},
              {"$ref": "#/$defs/copyArtifacts"},
              {"$ref": "#/$defs/gitPromote"}
            ]
          }
        },
        "then": {
          "description": "Jobs to start when a build has ended.",
          "type": "array",
          "maxItems": 100,
          "items": {"$ref": "#/$defs/continuation"}
        }
      },
      "$defs": {
        "name": {
          "description": "Letters, digits, '.', '_' and '-', starting with a letter or digit.",
          "type": "string",
          "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
        },
        "taskName": {"description": "The task's name, unique in the job.", "$ref": "#/$defs/name"},
        "duration": {
          "description": "A whole number and a unit: 90s, 20m, 2h, 30d. 30d is the most.",
          "type": "string",
          "pattern": "^[0-9]+[smhd]$"
        },
        "glob": {
          "description": "A path in the workspace: * stays in a directory, ** crosses them, ? is one character.",
          "type": "string",
          "minLength": 1,
          "maxLength": 1024
        },
        "globs": {
          "description": "Globs over files; ${name} is replaced.",
          "type": "array",
          "minItems": 1,
          "maxItems": 100,
          "items": {"$ref": "#/$defs/glob"}
        },
        "pattern": {
          "description": "A glob over whole names: * stays before a '/', ** crosses it.",
          "type": "string",
          "minLength": 1,
          "maxLength": 1024
        },
        "directory": {
          "description": "Relative to the task's workspace; ${name} is replaced.",
          "type": "string",
          "maxLength": 1024,
          "default": ""
        },
        "ifMissing": {
          "description": "What to do when a glob matches nothing.",
          "enum": ["fail", "warn", "ignore"],
          "default": "fail"
        },
        "needs": {
          "description": "Tasks that must end well first. Left out: the task above. Empty: none, starts at once.",
          "type": "array",
          "maxItems": 1000,
          "uniqueItems": true,
          "items": {"$ref": "#/$defs/name"}
        },
        "labels": {
          "description": "A worker runs the task if it offers all of these.",
          "type": "array",
          "maxItems": 32,
          "uniqueItems": true,
          "items": {"$ref": "#/$defs/name"}
        },
        "timeout": {"description": "How long one attempt may take in all.", "$ref": "#/$defs/duration"},
        "idleTimeout": {
          "description": "How long one attempt may go without writing output.",
          "$ref": "#/$defs/duration"
        },
        "allowFailure": {
          "description": "Whether its failure leaves the build green, and what needs it goes on.",
          "type": "boolean",
          "default": false
        },
        "deploy": {
          "description": "It changes the world outside: a build that takes the place of this one does not stop it.",
          "oneOf": [{"type": "boolean"}, {"$ref": "#/$defs/deployment"}],
          "default": false
        },
        "deployment": {
          "description": "Deploys to an environment: one task at a time does, of all jobs; history says what is live.",
          "type": "object",
          "additionalProperties": false,
          "required": ["environment"],
          "properties": {
            "environment": {
              "description": "The environment's name, such as stage; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 128
            },
            "approval": {
              "description": "Whether somebody has to approve it first, for this very build.",
              "type": "boolean",
              "default": false
            }
          }
        },
        "concurrency": {
          "description": "How many builds of a group may run at a time, and what happens to one more.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "group": {
              "description": "The group's name, which other jobs may use as well; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 500,
              "default": "${job}"
            },
            "limit": {"description": "How many may run.", "type": "integer", "minimum": 1, "maximum": 100, "default": 1},
            "whenBusy": {
              "description": "queue: it waits. cancel-older: it waits for those before it to be cancelled. skip: it ends.",
              "enum": ["queue", "cancel-older", "skip"],
              "default": "queue"
            }
          }
        },
        "when": {
          "description": "All must hold, or the task is skipped, and what needs it goes on as if it were not there.",
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "branch": {
              "description": "Branches of which one was pushed; of a pull request, the head's.",
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "event": {
              "description": "What started the build.",
              "type": "array",
              "minItems": 1,
              "uniqueItems": true,
              "items": {"enum": ["request", "push", "pull-request", "continuation", "schedule"]}
            },
            "changed": {
              "description": "Files of which the push changed one. Holds where that is not known.",
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "items": {"$ref": "#/$defs/glob"}
            },
            "parameter": {
              "description": "Values that parameters must have.",
              "type": "object",
              "additionalProperties": {"type": ["string", "boolean", "integer"]}
            },
            "status": {
              "description": "success: all that it needs ended well. failure: something before it did not. always: both.",
              "enum": ["success", "failure", "always"],
              "default": "success"
            }
          }
        },
        "retry": {
          "description": "Tries a task again that failed or ran out of time.",
          "type": "object",
          "additionalProperties": false,
          "required": ["attempts"],
          "properties": {
            "attempts": {"description": "In all.", "type": "integer", "minimum": 1, "maximum": 20},
            "wait": {"description": "Before the second attempt.", "$ref": "#/$defs/duration"},
            "increment": {"description": "By how much each later wait is longer.", "$ref": "#/$defs/duration"},
            "onOutput": {
              "description": "Only when the output of an execute-shell task holds one of these texts.",
              "type": "array",
              "minItems": 1,
              "maxItems": 20,
              "uniqueItems": true,
              "items": {"type": "string", "minLength": 1, "maxLength": 1000}
            }
          }
        },
        "matrix": {
          "description": "One task for each combination of values: ${name} in fields, DISTCI_MATRIX_NAME in commands.",
          "type": "object",
          "minProperties": 1,
          "propertyNames": {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},
          "properties": {
            "include": {
              "description": "Combinations to add.",
              "type": "array",
              "maxItems": 256,
              "items": {"$ref": "#/$defs/combination"}
            },
            "exclude": {
              "description": "Leaves out the combinations that have all values of one of these.",
              "type": "array",
              "maxItems": 256,
              "items": {"$ref": "#/$defs/combination"}
            }
          },
          "additionalProperties": {
            "type": "array",
            "minItems": 1,
            "maxItems": 100,
            "items": {"type": ["string", "boolean", "number"]}
          }
        },
        "split": {
          "description": "Deals files out to tasks side by side: each finds its own in the file DISTCI_SPLIT_FILES names.",
          "type": "object",
          "additionalProperties": false,
          "required": ["into", "files"],
          "properties": {
            "into": {"description": "How many tasks.", "type": "integer", "minimum": 1, "maximum": 100},
            "files": {"description": "Which files; ${name} is replaced.", "$ref": "#/$defs/glob"},
            "by": {
              "description": "time: each takes about as long, by earlier builds. count: each has as many files.",
              "enum": ["time", "count"],
              "default": "time"
            }
          }
        },
        "combination": {
          "description": "Values by their names in the matrix.",
          "type": "object",
          "additionalProperties": {"type": ["string", "boolean", "number"]}
        },
        "parameter": {
          "description": "A task sees it as DISTCI_PARAMETER_NAME, and declared fields as ${name}.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name"],
          "properties": {
            "name": {
              "description": "The parameter's name; not branch, commit, event, build or job.",
              "$ref": "#/$defs/name"
            },
            "type": {
              "description": "What it may hold.",
              "enum": ["string", "choice", "boolean", "integer"],
              "default": "string"
            },
            "choices": {
              "description": "What a choice may be.",
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "uniqueItems": true,
              "items": {"type": "string", "maxLength": 4096}
            },
            "default": {
              "description": "Its value if none is given. A parameter without a default must be given.",
              "type": ["string", "boolean", "integer"]
            }
          },
          "if": {"properties": {"type": {"const": "choice"}}, "required": ["type"]},
          "then": {"required": ["choices"]},
          "else": {"properties": {"choices": false}}
        },
        "pushTrigger": {
          "description": "Starts a build when a branch or tag is pushed. ${name} cannot be used here.",
          "type": "object",
          "additionalProperties": false,
          "required": ["on", "repository"],
          "properties": {
            "on": {"description": "What starts a build.", "const": "push"},
            "repository": {
              "description": "OWNER/NAME at a forge, or a clone URL.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "branches": {
              "description": "Branches that count. Without branches and tags, every branch counts and no tag.",
              "type": "array",
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "tags": {
              "description": "Tags that count.",
              "type": "array",
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "paths": {
              "description": "Only pushes that change one of these files count. Left out: all do.",
              "type": "array",
              "maxItems": 100,
              "items": {"$ref": "#/$defs/glob"}
            }
          }
        },
        "scheduleTrigger": {
          "description": "Starts a build at certain times. ${name} cannot be used here.",
          "type": "object",
          "additionalProperties": false,
          "required": ["on", "cron"],
          "properties": {
            "on": {"description": "What starts a build.", "const": "schedule"},
            "cron": {
              "description": "Minute, hour, day, month, day of the week; H: a value by the job's name; or @daily and the like.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1000
            },
            "timezone": {
              "description": "Whose clocks are meant, by its name in the tz database.",
              "type": "string",
              "default": "UTC"
            },
            "catchUp": {
              "description": "For times that passed while nobody was there: a build for the latest, for the latest 100, or none.",
              "enum": ["latest", "all", "none"],
              "default": "latest"
            }
          }
        },
        "pollTrigger": {
          "description": "Looks whether branches have moved, and starts a build for each that has. ${name} cannot be used here.",
          "type": "object",
          "additionalProperties": false,
          "required": ["on", "repository"],
          "properties": {
            "on": {"description": "What starts a build.", "const": "poll"},
            "repository": {
              "description": "OWNER/NAME at a forge, or a clone URL.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "branches": {
              "description": "Branches that count. Left out: all do.",
              "type": "array",
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "every": {
              "description": "How long to wait between two looks; 10s is the least. 5m when left out.",
              "$ref": "#/$defs/duration"
            }
          }
        },
        "pullRequestTrigger": {
          "description": "Starts a build when somebody wants a branch merged, and when it moves on. ${name} cannot be used here.",
          "type": "object",
          "additionalProperties": false,
          "required": ["on", "repository"],
          "properties": {
            "on": {"description": "What starts a build.", "const": "pull-request"},
            "repository": {
              "description": "OWNER/NAME at a forge, or a clone URL: where the request is made.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "branches": {
              "description": "Branches to merge into that count. Left out: all do.",
              "type": "array",
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "forks": {
              "description": "For heads of other repositories: after somebody approved the commit, like others, or never.",
              "enum": ["approve", "build", "ignore"],
              "default": "approve"
            }
          }
        },
        "gitCheckout": {
          "description": "Puts the files of one commit into the workspace.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "type", "repository"],
          "properties": {
            "name": {"$ref": "#/$defs/taskName"},
            "type": {"description": "What kind of worker runs the task.", "const": "git-checkout"},
            "needs": {"$ref": "#/$defs/needs"},
            "labels": {"$ref": "#/$defs/labels"},
            "timeout": {"$ref": "#/$defs/timeout"},
            "idleTimeout": {"$ref": "#/$defs/idleTimeout"},
            "when": {"$ref": "#/$defs/when"},
            "retry": {"$ref": "#/$defs/retry"},
            "allowFailure": {"$ref": "#/$defs/allowFailure"},
            "deploy": {"$ref": "#/$defs/deploy"},
            "matrix": {"$ref": "#/$defs/matrix"},
            "repository": {
              "description": "URL (https, ssh, git, file), USER@HOST:PATH or path, no password; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "ref": {
              "description": "A branch, tag, full ref or commit; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 512,
              "default": "HEAD"
            },
            "directory": {"$ref": "#/$defs/directory"},
            "submodules": {
              "description": "Whether to check out submodules as well.",
              "type": "boolean",
              "default": false
            },
            "jobFiles": {"$ref": "#/$defs/jobFiles"}
          }
        },
        "jobFiles": {
          "description": "Reads job files out of the commit, and starts the jobs whose triggers fit, within these bounds.",
          "type": "object",
          "additionalProperties": false,
          "required": ["jobs"],
          "properties": {
            "files": {
              "description": "Which files of the commit. Left out: .distci/*.json.",
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "items": {"$ref": "#/$defs/glob"}
            },
            "default": {
              "description": "The branch whose files are the jobs' definitions.",
              "type": "string",
              "minLength": 1,
              "maxLength": 512,
              "default": "main"
            },
            "jobs": {
              "description": "Names of jobs that the files may define. They may start those, and copy artifacts from them.",
              "type": "array",
              "minItems": 1,
              "maxItems": 100,
              "items": {"$ref": "#/$defs/pattern"}
            },
            "labels": {
              "description": "Labels that their tasks may ask for.",
              "type": "array",
              "maxItems": 32,
              "uniqueItems": true,
              "items": {"$ref": "#/$defs/name"}
            },
            "repositories": {
              "description": "What their tasks may check out beside this repository.",
              "type": "array",
              "maxItems": 100,
              "items": {"type": "string", "minLength": 1, "maxLength": 2048}
            },
            "otherJobs": {
              "description": "Jobs from elsewhere that they may start and copy artifacts from.",
              "type": "array",
              "maxItems": 100,
              "uniqueItems": true,
              "items": {"$ref": "#/$defs/name"}
            },
            "allow": {
              "description": "What they may do beyond building.",
              "type": "array",
              "uniqueItems": true,
              "items": {"enum": ["deploy", "git-promote", "submodules"]}
            }
          }
        },
        "executeShell": {
          "description": "Runs a script or a command in the workspace.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "type"],
          "properties": {
            "name": {"$ref": "#/$defs/taskName"},
            "type": {"description": "What kind of worker runs the task.", "const": "execute-shell"},
            "needs": {"$ref": "#/$defs/needs"},
            "labels": {"$ref": "#/$defs/labels"},
            "timeout": {"$ref": "#/$defs/timeout"},
            "idleTimeout": {"$ref": "#/$defs/idleTimeout"},
            "when": {"$ref": "#/$defs/when"},
            "retry": {"$ref": "#/$defs/retry"},
            "allowFailure": {"$ref": "#/$defs/allowFailure"},
            "deploy": {"$ref": "#/$defs/deploy"},
            "matrix": {"$ref": "#/$defs/matrix"},
            "script": {
              "description": "Run by /bin/sh -e, exactly as written: values come as environment variables.",
              "type": "string"
            },
            "command": {
              "description": "A program and its arguments, run without a shell, exactly as written.",
              "type": "array",
              "minItems": 1,
              "maxItems": 1000,
              "items": {"type": "string"}
            },
            "generates": {
              "description": "A file of the workspace in which the task writes a JSON list of tasks that join the build; ${name} is replaced.",
              "type": "string",
              "minLength": 1
            },
            "environment": {
              "description": "Variables to add; ${name} is replaced in their values.",
              "type": "object",
              "maxProperties": 256,
              "propertyNames": {"pattern": "^(?!DISTCI_)[A-Za-z_][A-Za-z0-9_]*$"},
              "additionalProperties": {"type": "string", "maxLength": 4096}
            },
            "directory": {"$ref": "#/$defs/directory"},
            "split": {"$ref": "#/$defs/split"},
            "reports": {
              "description": "JUnit XML files that it writes: their test results are kept, and tell how long files take.",
              "$ref": "#/$defs/globs"
            }
          },
          "oneOf": [{"required": ["script"]}, {"required": ["command"]}]
        },
        "publishArtifacts": {
          "description": "Keeps files of the workspace as the build's artifacts.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "type", "files"],
          "properties": {
            "name": {"$ref": "#/$defs/taskName"},
            "type": {"description": "What kind of worker runs the task.", "const": "publish-artifacts"},
            "needs": {"$ref": "#/$defs/needs"},
            "labels": {"$ref": "#/$defs/labels"},
            "timeout": {"$ref": "#/$defs/timeout"},
            "idleTimeout": {"$ref": "#/$defs/idleTimeout"},
            "when": {"$ref": "#/$defs/when"},
            "retry": {"$ref": "#/$defs/retry"},
            "allowFailure": {"$ref": "#/$defs/allowFailure"},
            "deploy": {"$ref": "#/$defs/deploy"},
            "matrix": {"$ref": "#/$defs/matrix"},
            "files": {"$ref": "#/$defs/globs"},
            "ifMissing": {"$ref": "#/$defs/ifMissing"},
            "keep": {
              "description": "How long they live from the end of the build on; for ever without it. 3650d is the most.",
              "type": "string",
              "pattern": "^[0-9]+[smhd]$"
            }
          }
        },
        "copyArtifacts": {
          "description": "Copies artifacts of another build into the workspace.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "type", "from", "files"],
          "properties": {
            "name": {"$ref": "#/$defs/taskName"},
            "type": {"description": "What kind of worker runs the task.", "const": "copy-artifacts"},
            "needs": {"$ref": "#/$defs/needs"},
            "labels": {"$ref": "#/$defs/labels"},
            "timeout": {"$ref": "#/$defs/timeout"},
            "idleTimeout": {"$ref": "#/$defs/idleTimeout"},
            "when": {"$ref": "#/$defs/when"},
            "retry": {"$ref": "#/$defs/retry"},
            "allowFailure": {"$ref": "#/$defs/allowFailure"},
            "deploy": {"$ref": "#/$defs/deploy"},
            "matrix": {"$ref": "#/$defs/matrix"},
            "from": {"$ref": "#/$defs/source"},
            "files": {"$ref": "#/$defs/globs"},
            "into": {"$ref": "#/$defs/directory"},
            "ifMissing": {"$ref": "#/$defs/ifMissing"}
          }
        },
        "gitPromote": {
          "description": "Moves a ref to the commit that the build was made of.",
          "type": "object",
          "additionalProperties": false,
          "required": ["name", "type", "repository", "ref"],
          "properties": {
            "name": {"$ref": "#/$defs/taskName"},
            "type": {"description": "What kind of worker runs the task.", "const": "git-promote"},
            "needs": {"$ref": "#/$defs/needs"},
            "labels": {"$ref": "#/$defs/labels"},
            "timeout": {"$ref": "#/$defs/timeout"},
            "idleTimeout": {"$ref": "#/$defs/idleTimeout"},
            "when": {"$ref": "#/$defs/when"},
            "retry": {"$ref": "#/$defs/retry"},
            "allowFailure": {"$ref": "#/$defs/allowFailure"},
            "deploy": {"$ref": "#/$defs/deploy"},
            "matrix": {"$ref": "#/$defs/matrix"},
            "repository": {
              "description": "URL (https, ssh, git, file), USER@HOST:PATH or path, no password; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 2048
            },
            "ref": {
              "description": "A branch, or a full ref such as refs/heads/green; ${name} is replaced.",
              "type": "string",
              "minLength": 1,
              "maxLength": 512
            },
            "force": {
              "description": "Whether it may move to a commit that does not follow the one where it is.",
              "type": "boolean",
              "default": false
            }
          }
        },
        "source": {
          "description": "Whose artifacts to copy.",
          "type": "object",
          "additionalProperties": false,
          "required": ["job"],
          "properties": {
            "job": {"description": "The job's name.", "$ref": "#/$defs/name"},
            "build": {
              "description": "latest-successful, latest, triggering (what started this build), a number or ${name}.",
              "type": ["string", "integer"],
              "default": "latest-successful"
            }
          }
        },
        "continuation": {
          "description": "A job to start.",
          "type": "object",
          "additionalProperties": false,
          "required": ["job"],
          "properties": {
            "job": {"description": "The job's name.", "$ref": "#/$defs/name"},
            "on": {
              "description": "After which builds.",
              "enum": ["success", "failure", "always"],
              "default": "success"
            },
            "all": {
              "description": "This job and others that have the same rule: once all are green for the same commit.",
              "type": "array",
              "minItems": 2,
              "maxItems": 20,
              "uniqueItems": true,
              "items": {"$ref": "#/$defs/name"}
            },
            "parameters": {
              "description": "Values for its parameters; ${name} is replaced.",
              "type": "object",
              "maxProperties": 100,
              "propertyNames": {"pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"},
              "additionalProperties": {"type": ["string", "boolean", "integer"]}
            }
          }
        }
      }
    }

    """#
}
