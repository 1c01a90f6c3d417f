package io.entente.tc.server;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Refuses parameters that nobody reads: a misspelled filter would otherwise show everything. */
@Component
class KnownParameters implements HandlerInterceptor, WebMvcConfigurer {

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (!(handler instanceof HandlerMethod method)) {
            return true;
        }
        Set<String> known = new TreeSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            if (parameter.hasParameterAnnotation(RequestParam.class)) {
                known.add(parameter.getParameter().getName());
            }
        }
        request.getParameterMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw new ResponseStatusException(
                        HttpStatus.BAD_REQUEST,
                        "there is no parameter " + name + " here; "
                                + (known.isEmpty() ? "there is none" : "there are " + known));
            }
            for (String value : values) {
                if (value.isBlank()) {
                    throw new ResponseStatusException(
                            HttpStatus.BAD_REQUEST, "the parameter " + name + " has no value");
                }
            }
        });
        return true;
    }
}
