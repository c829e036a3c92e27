/// What every agent reads and answers with: rooms and rules import `AgentKit` alone.
@_exported public import CEL
@_exported public import JSON
