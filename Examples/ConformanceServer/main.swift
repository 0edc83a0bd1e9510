import MCPCore
import MCPHTTP

print("placeholder")
