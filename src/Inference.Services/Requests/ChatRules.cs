using Inference.Errors;
using Inference.V1;

namespace Inference.Services.Requests;

/// <summary>What a ChatRequest must satisfy before its model is looked for; all violations at once.</summary>
internal static class ChatRules
{
    public static void Check(this ChatRequest request, bool lenient)
    {
        var errors = new FieldErrors();
        if (request.Model.Length == 0)
        {
            errors.Required("model");
        }

        if (request.Messages.Count == 0)
        {
            errors.Required("messages");
        }

        request.Messages.Check(errors, lenient);
        request.Tools.Check(errors, lenient);
        CheckChoice(request, errors);
        CommonFields.Of(request).Check(errors, lenient);
        errors.Check();
    }

    /// <summary>The tools that the model gets to see.</summary>
    /// <exception cref="InferenceException">FEATURE_UNSUPPORTED where a choice or a schema would have to be enforced.</exception>
    public static IReadOnlyList<Tool> OfferedTools(this ChatRequest request)
    {
        switch (request.ToolChoice?.ChoiceCase ?? ToolChoice.ChoiceOneofCase.None)
        {
            case ToolChoice.ChoiceOneofCase.Function:
                throw Catalogue.FeatureUnsupported.For("tool_choice.function");
            case ToolChoice.ChoiceOneofCase.Mode when request.ToolChoice!.Mode is ToolChoiceMode.Required:
                throw Catalogue.FeatureUnsupported.For("tool_choice TOOL_CHOICE_MODE_REQUIRED");
            case ToolChoice.ChoiceOneofCase.Mode when request.ToolChoice!.Mode is ToolChoiceMode.None:
                return [];
        }

        return request.Tools.Any(static t => t.Function is { Strict: true }) ? throw Catalogue.FeatureUnsupported.For("tools.function.strict") : request.Tools;
    }

    private static void CheckChoice(ChatRequest request, FieldErrors errors)
    {
        if (request.ToolChoice is not { } choice)
        {
            return;
        }

        if (choice.ChoiceCase is ToolChoice.ChoiceOneofCase.Function && request.Tools.All(t => t.Function?.Name != choice.Function))
        {
            errors.Invalid("tool_choice.function", choice.Function, "must be the name of one of the tools");
        }

        if (choice.ChoiceCase is ToolChoice.ChoiceOneofCase.Mode && !Enum.IsDefined(choice.Mode))
        {
            errors.Invalid("tool_choice.mode", (int)choice.Mode, "must be a ToolChoiceMode");
        }

        if (choice is { ChoiceCase: ToolChoice.ChoiceOneofCase.Mode, Mode: ToolChoiceMode.Required } && request.Tools.Count == 0)
        {
            errors.Required("tools");
        }
    }
}
