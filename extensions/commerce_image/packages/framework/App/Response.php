<?php

declare(strict_types=1);

namespace Magento\Framework\App;

/**
 * An HTTP answer.
 */
class Response
{
    public const HTML = 'text/html; charset=UTF-8';
    public const JSON = 'application/json; charset=utf-8';
    public const SOAP = 'application/soap+xml; charset=UTF-8';
    public const XML = 'text/xml; charset=UTF-8';

    /**
     * @param array<string, string> $headers name => value
     * @param bool $isCacheable whether everybody may be given this answer
     */
    public function __construct(
        public readonly int $status,
        public readonly string $body,
        public readonly array $headers = ['Content-Type' => self::HTML],
        public readonly bool $isCacheable = false,
    ) {
    }

    public static function html(int $status, string $title, string $content, bool $isCacheable = false): self
    {
        $title = htmlspecialchars($title);
        $body = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>$title</title></head>\n"
            . "<body>\n<h1>$title</h1>\n$content\n</body>\n</html>\n";

        return new self($status, $body, isCacheable: $isCacheable);
    }

    public static function json(int $status, mixed $data): self
    {
        return new self($status, json_encode($data, JSON_THROW_ON_ERROR), ['Content-Type' => self::JSON]);
    }

    public static function redirect(string $url): self
    {
        return new self(302, '', ['Location' => $url, 'Content-Type' => self::HTML]);
    }

    public function withHeader(string $name, string $value): self
    {
        return new self($this->status, $this->body, [$name => $value] + $this->headers, $this->isCacheable);
    }

    public function send(): void
    {
        http_response_code($this->status);
        foreach ($this->headers as $name => $value) {
            header("$name: $value");
        }
        echo $this->body;
    }
}
