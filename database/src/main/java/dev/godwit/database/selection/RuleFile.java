package dev.godwit.database.selection;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import dev.godwit.database.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Reads a JSON file of rules strictly: what is not known, given twice, or of another type is refused with its place. */
public final class RuleFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual, config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private RuleFile() {}

    public static <T> T read(String option, Path file, Class<T> type) {
        try {
            T read = JSON.readValue(Files.readString(file), type);
            if (read == null) {
                throw new RefusedException(option + " " + file + " holds nothing", "write the rules into it");
            }
            return read;
        } catch (UnrecognizedPropertyException e) {
            throw new RefusedException(
                    place(option, file, e.getLocation()) + path(e) + " is not known",
                    "known here: "
                            + e.getKnownPropertyIds().stream()
                                    .map(String::valueOf)
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + "; what is not among them cannot be done by this version",
                    e);
        } catch (JsonMappingException e) {
            if (e.getCause() instanceof JsonProcessingException syntax) {
                throw syntax(option, file, syntax);
            }
            throw new RefusedException(
                    place(option, file, e.getLocation()) + path(e) + " has a value of the wrong type",
                    "write texts in quotes, true and false without",
                    e);
        } catch (JsonProcessingException e) {
            throw syntax(option, file, e);
        } catch (NoSuchFileException e) {
            throw new RefusedException(option + ": there is no file " + file, "check the path", e);
        } catch (IOException e) {
            throw new RefusedException(
                    option + ": cannot read " + file + " as text (" + e + ")", "check the file and its permissions", e);
        }
    }

    private static RefusedException syntax(String option, Path file, JsonProcessingException e) {
        return new RefusedException(
                place(option, file, e.getLocation()) + firstLine(e.getOriginalMessage()),
                "write JSON as docs/fetch.md and docs/verify.md show",
                e);
    }

    private static String place(String option, Path file, JsonLocation location) {
        return option + " " + file + (location == null ? "" : ", line " + location.getLineNr()) + ": ";
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.isEmpty() ? "the file" : path.toString();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("this is no JSON");
    }
}
