CAPTURES = ("/PACKETCAPTURES/WRITE", "/STARTPACKETCAPTURE/ACTION")
SUCCESS = ("Success", "Succeeded")


def rule(event):
    operation = event.get("operationName", "").upper()
    return operation.endswith(CAPTURES) and event.get("resultType") in SUCCESS


def title(event):
    caller = event.deep_get("identity", "claims", "name", default="someone")
    return f"{caller} started a packet capture from {event.get('callerIpAddress', 'an unknown address')}"


def alert_context(event):
    return {"resource": event.get("resourceId"), "operation": event.get("operationName")}
